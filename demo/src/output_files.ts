import { accessSync, constants, existsSync, openSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from './flags.ts';

/** Opens a file anew. @throws UsageError that names the flag it was given by. */
export function openForWriting(file: string, flag: string): number {
  try {
    return openSync(file, 'w');
  } catch (cause) {
    throw cannotWrite(file, flag, cause);
  }
}

/**
 * Says before the run, not after half a minute of it, that its result cannot be saved.
 *
 * @throws UsageError that names the flag.
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

/** `| head` and the like close the pipe when they have enough: no error, and nobody is left to tell. */
export function endWithReader(stream: NodeJS.WritableStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
