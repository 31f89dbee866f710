import { parseArgs } from 'node:util';

/** The parsed flags of `npm start`: the page, or the conversation in the terminal. */
export type Wish = StudioWish | TerminalWish;

/** The page, with the arguments of its own command. */
export interface StudioWish {
  readonly what: 'studio';
  readonly args: readonly string[];
}

/** The conversation in the terminal. */
export interface TerminalWish {
  readonly what: 'terminal' | 'help';
  readonly trace: string | undefined;
  readonly wav: string | undefined;
}

/** Wrong flags. The message is for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const START_HELP = `npm start -- [flags]

Opens Studio: a page on this machine where you talk to a voice agent and see how much of it was heard.

  --port PORT    where the page is served (default 4610)
  --no-open      only print its address
  --openai       model, voice and recognition of the server in OPENAI_BASE_URL, or of OpenAI. That may cost money
  --headless     stay in the terminal instead
  --help         show this

In the terminal an agent holds a short conversation in real time. The terminal shows when each response
was sent, when it was heard, and when its background task started. It takes about 35 seconds, ends by
itself, and exits with 1 if anything was lost, fired twice or came out of order.

  --trace FILE   save the trace: one JSON line for each input, event and observation
  --wav FILE     save exactly what was heard

Both of these imply --headless.

npm run replay FILE shows a trace again.`;

export const REPLAY_HELP = `npm run replay FILE

Shows a trace without its pauses, and runs its inputs through the timeline again. Exits with 1 if the
events are not identical to those of the trace.`;

/** @throws {UsageError} For a flag that does not exist, lacks its value, or cannot be combined with another. */
export function parseStartFlags(args: readonly string[]): Wish {
  const { values } = parse(args, false);
  const { trace, wav, headless, port, openai, 'no-open': noOpen } = values;
  if (trace === '') throw new UsageError('--trace needs a file name');
  if (wav === '') throw new UsageError('--wav needs a file name');
  if (values.help) return { what: 'help', trace, wav };
  const inTerminal = headless === true || trace !== undefined || wav !== undefined;
  if (inTerminal && (port !== undefined || noOpen || openai))
    throw new UsageError('--port, --no-open and --openai are for the page, not the terminal');
  if (inTerminal) return { what: 'terminal', trace, wav };
  const forPage = [
    ...(port === undefined ? [] : ['--port', port]),
    ...(noOpen ? ['--no-open'] : []),
    ...(openai ? ['--openai'] : []),
  ];
  return { what: 'studio', args: forPage };
}

/** @throws {UsageError} Unless there is exactly one file. */
export function parseReplayFlags(args: readonly string[]): { file: string; help: boolean } {
  const { values, positionals } = parse(args, true);
  const { help: _, ...others } = values;
  if (Object.keys(others).length > 0) throw new UsageError('replay has no flags but --help');
  const [file = ''] = positionals;
  const help = values.help === true;
  if (!help && (positionals.length !== 1 || file === ''))
    throw new UsageError(`replay needs one file, not ${positionals.length}`);
  return { file, help };
}

function parse(args: readonly string[], allowPositionals: boolean) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals,
      options: {
        trace: { type: 'string' },
        wav: { type: 'string' },
        headless: { type: 'boolean' },
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        openai: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // The first sentence of Node's message names the flag.
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(what, { cause: error });
  }
}
