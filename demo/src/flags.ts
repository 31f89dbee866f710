import { parseArgs } from 'node:util';

/** What `npm start` was asked for: the page, or the conversation in the terminal. */
export type Wish = StudioWish | TerminalWish;

/** The page, with what its own command line takes. */
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

/** What to print about flags that cannot be used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const START_HELP = `npm start -- [flags]

Opens Studio: a page on this machine in which you talk to a voice agent and see what of it was heard.

  --port PORT    where the page is served (otherwise 4610)
  --no-open      only print its address
  --headless     stay in the terminal instead
  --help         show this

In the terminal an agent holds a short conversation with a silent listener, in real time, and shows which
of its responses was sent, which was heard, and when each background task started. It takes about 35
seconds, ends by itself, and exits with 1 if anything was lost, fired twice or came out of order.

  --trace FILE   keep the trace: one JSON line for each input, event and observation
  --wav FILE     write exactly what was heard

Both of these imply --headless.

npm run replay FILE shows a trace again.`;

export const REPLAY_HELP = `npm run replay FILE

Shows a trace again, without its pauses, and runs its inputs through the timeline once more. Exits with 1
if the events are not byte for byte those of the trace.`;

/** @throws UsageError for a flag that does not exist, lacks its value, or does not go with another. */
export function parseStartFlags(args: readonly string[]): Wish {
  const { values } = parse(args, false);
  const { trace, wav, headless, port, 'no-open': noOpen } = values;
  if (trace === '') throw new UsageError('--trace needs the name of a file');
  if (wav === '') throw new UsageError('--wav needs the name of a file');
  if (values.help) return { what: 'help', trace, wav };
  const inTerminal = headless === true || trace !== undefined || wav !== undefined;
  if (inTerminal && (port !== undefined || noOpen))
    throw new UsageError('--port and --no-open are for the page, not the terminal');
  if (inTerminal) return { what: 'terminal', trace, wav };
  const forPage = [
    ...(port === undefined ? [] : ['--port', port]),
    ...(noOpen ? ['--no-open'] : []),
  ];
  return { what: 'studio', args: forPage };
}

/** @throws UsageError unless there is exactly one file. */
export function parseReplayFlags(args: readonly string[]): { file: string; help: boolean } {
  const { values, positionals } = parse(args, true);
  const { help: _, ...others } = values;
  if (Object.keys(others).length > 0) throw new UsageError('a replay takes no flags but --help');
  const [file = ''] = positionals;
  const help = values.help === true;
  if (!help && (positionals.length !== 1 || file === ''))
    throw new UsageError(`a replay needs one file, and got ${positionals.length}`);
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
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Node's own words say which flag it was, in their first sentence.
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(what, { cause: error });
  }
}
