import { closeSync, writeSync } from 'node:fs';
import { encodeTraceLine, parseTraceLine, type TraceLine } from '@oncue/core/trace';
import { parseStartFlags, START_HELP, type TerminalWish, UsageError } from './flags.ts';
import { faultsOf } from './judge/verdict.ts';
import { assertCanSave, endWithReader, openForWriting } from './output_files.ts';
import { RunView } from './terminal/run_view.ts';
import { createScreen } from './terminal/screen.ts';

/** The signals that end the run, and the exit codes that shells give for them. */
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
  const hint = isUsage ? '\nSee npm start -- --help.' : '';
  process.stderr.write(`${describe(error)}${hint}\n`);
}

/** The message of an error with a code of ours, which says what to do; otherwise the stack. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOurs = 'code' in error && /^(?:ONCUE|EMBEDDED)_/.test(String(error.code));
  return isOurs || error instanceof UsageError ? error.message : (error.stack ?? error.message);
}

/** @returns The exit code; `undefined` while Studio runs. */
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

/** Runs the conversation in the terminal. @returns The exit code. */
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
    // Written synchronously, so that the trace is complete up to a crash.
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
    // Loaded late, because LiveKit takes a second to load and the screen need not wait.
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
