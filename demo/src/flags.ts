import { parseArgs } from 'node:util';

/** What `npm start` was asked for. */
export interface Flags {
  readonly trace: string | undefined;
  readonly wav: string | undefined;
  readonly help: boolean;
}

/** What to print about flags that cannot be used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const START_HELP = `npm start -- [flags]

A voice agent holds a short conversation with a silent listener, in real time, and shows which of its
responses was sent, which was heard, and when each background task started. It takes about 35 seconds,
ends by itself, and exits with 1 if anything was lost, fired twice or came out of order.

  --trace FILE   keep the trace: one JSON line for each input, event and observation
  --wav FILE     write exactly what was heard
  --headless     stay in the terminal (it does so anyway)
  --help         show this

npm run replay FILE shows a trace again.`;

export const REPLAY_HELP = `npm run replay FILE

Shows a trace again, without its pauses, and runs its inputs through the timeline once more. Exits with 1
if the events are not byte for byte those of the trace.`;

/** @throws UsageError for a flag that does not exist or lacks its value. */
export function parseStartFlags(args: readonly string[]): Flags {
  const { values } = parse(args, false);
  const { trace, wav, help = false } = values;
  if (trace === '') throw new UsageError('--trace needs the name of a file');
  if (wav === '') throw new UsageError('--wav needs the name of a file');
  return { trace, wav, help };
}

/** @throws UsageError unless there is exactly one file. */
export function parseReplayFlags(args: readonly string[]): { file: string; help: boolean } {
  const { values, positionals } = parse(args, true);
  if (values.trace !== undefined || values.wav !== undefined || values.headless !== undefined)
    throw new UsageError('a replay takes no flags but --help');
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
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Node's own words say which flag it was, in their first sentence.
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(what, { cause: error });
  }
}
