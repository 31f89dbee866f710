import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { OncueError } from '@oncue/core';
import { parseTrace, replayTrace } from '@oncue/core/trace';
import { parseReplayFlags, REPLAY_HELP, UsageError } from './flags.ts';
import { endWithReader } from './output_files.ts';
import { RunView } from './terminal/run_view.ts';
import { createScreen } from './terminal/screen.ts';

endWithReader(process.stdout);
try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1;
  const isExpected = error instanceof UsageError || error instanceof OncueError;
  process.stderr.write(`${isExpected ? error.message : ((error as Error)?.stack ?? error)}\n`);
}

function main(args: readonly string[]): number {
  const { file, help } = parseReplayFlags(args);
  if (help) {
    process.stdout.write(`${REPLAY_HELP}\n`);
    return 0;
  }
  const text = readTrace(file);
  const { header, lines } = parseTrace(text);
  const view = new RunView();
  const screen = createScreen({ view, stream: process.stdout, env: process.env, isLive: false });
  for (const line of [header, ...lines]) {
    view.take(line);
    screen.show(line);
  }
  screen.finish();
  return compare(text);
}

/** Replays the inputs and compares the events. @returns The exit code. */
function compare(text: string): number {
  const { events, firstDifference } = replayTrace(text);
  if (!firstDifference) {
    process.stdout.write(
      `  ✓ Replayed: ${events.length} events, identical to the recorded ones.\n`,
    );
    return 0;
  }
  const { index, recorded = 'none', replayed = 'none' } = firstDifference;
  process.stdout.write(
    `  ✗ Replayed: event ${index + 1} differs.\n    recorded  ${recorded}\n    replayed  ${replayed}\n`,
  );
  return 1;
}

function readTrace(file: string): string {
  try {
    const bytes = readFileSync(file);
    return (isGzip(bytes) ? gunzipSync(bytes) : bytes).toString();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`cannot read the trace: ${why}`, { cause });
  }
}

/** Studio's page saves traces compressed. */
function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
