import { accessSync, constants, existsSync, openSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from './flags.ts';

/** Opens a file for writing and empties it. @throws {UsageError} With the name of the flag. */
export function openForWriting(file: string, flag: string): number {
  try {
    return openSync(file, 'w');
  } catch (cause) {
    throw cannotWrite(file, flag, cause);
  }
}

/**
 * Checks before the run that the file can be written, and not half a minute later.
 *
 * @throws {UsageError} With the name of the flag.
 */
export function assertCanSave(file: string, flag: string): void {
  try {
    accessSync(existsSync(file) ? file : path.dirname(path.resolve(file)), constants.W_OK);
  } catch (cause) {
    throw cannotWrite(file, flag, cause);
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${flag} cannot write ${file}: it is a directory`);
}

function cannotWrite(file: string, flag: string, cause: unknown): UsageError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new UsageError(`${flag} cannot write ${file}: ${why}`, { cause });
}

/** Ends the process quietly when the reader of a pipe closes it, as `| head` does. */
export function endWithReader(stream: NodeJS.WritableStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
