import { closeSync, writeSync } from 'node:fs';
import { encodeTraceLine, parseTraceLine, type TraceLine } from '@oncue/core/trace';
import { parseStartFlags, START_HELP, type TerminalWish, UsageError } from './flags.ts';
import { faultsOf } from './judge/verdict.ts';
import { assertCanSave, endWithReader, openForWriting } from './output_files.ts';
import { RunView } from './terminal/run_view.ts';
import { createScreen } from './terminal/screen.ts';

/** What ends the run early, and the exit codes that shells give for it. */
const STOP_SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

endWithReader(process.stdout);
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.exitCode = isUsage ? 2 : 1;
  const hint = isUsage ? '\nnpm start -- --help shows what there is.' : '';
  process.stderr.write(`${describe(error)}${hint}\n`);
}

/** Errors with a code of ours say what to do; where they were thrown does not help. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOurs = 'code' in error && /^(?:ONCUE|EMBEDDED)_/.test(String(error.code));
  return isOurs || error instanceof UsageError ? error.message : (error.stack ?? error.message);
}

/** @returns The exit code; `undefined` while the page is served. */
async function main(args: readonly string[]): Promise<number | undefined> {
  const wish = parseStartFlags(args);
  if (wish.what === 'studio') {
    const { runStudioCommand } = await import('@oncue/studio');
    return runStudioCommand(wish.args);
  }
  if (wish.what === 'help') {
    process.stdout.write(`${START_HELP}\n`);
    return 0;
  }
  if (wish.wav !== undefined) assertCanSave(wish.wav, '--wav');
  return show(wish);
}

/** Runs the conversation on the screen. @returns The exit code. */
async function show({ trace, wav }: TerminalWish): Promise<number> {
  const traceFile = trace === undefined ? undefined : openForWriting(trace, '--trace');
  const view = new RunView();
  const screen = createScreen({
    view,
    stream: process.stdout,
    env: process.env,
    isLive: true,
  });
  let lineNumber = 0;
  const take = (text: string, line: TraceLine): void => {
    // At once, so that the trace of a crash is whole up to it.
    if (traceFile !== undefined) writeSync(traceFile, text);
    view.take(line);
    screen.show(line);
  };
  for (const [signal, exitCode] of STOP_SIGNALS) {
    process.once(signal, () => {
      screen.abandon();
      process.exit(exitCode);
    });
  }
  try {
    // LiveKit takes a second to load; the screen need not wait for it.
    const { holdConversation } = await import('./conversation.ts');
    const recorder = await holdConversation({
      trace: (text) => {
        lineNumber += 1;
        take(text, parseTraceLine(text, lineNumber));
      },
      note: (note) => {
        const line: TraceLine = { kind: 'note', note };
        take(`${encodeTraceLine(line)}\n`, line);
      },
    });
    if (wav !== undefined) recorder.save(wav);
  } catch (error) {
    screen.abandon();
    throw error;
  } finally {
    if (traceFile !== undefined) closeSync(traceFile);
  }
  screen.finish();
  return faultsOf(view).length === 0 ? 0 : 1;
}
