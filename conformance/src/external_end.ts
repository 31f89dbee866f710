import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Question } from './vectors.ts';

/** What became of one question. */
export interface Result {
  readonly kind: string;
  readonly name: string;
  /** `undefined`: the program does not have this part of the protocol. */
  readonly problems: readonly string[] | undefined;
}

interface Answer {
  readonly id: number;
  readonly output?: unknown;
  readonly notImplemented?: boolean;
}

/** Those that end the runner, by Ctrl-C for instance. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** A program that answers no faster than this is stopped. */
const ANSWER_WITHIN_MS = 120_000;

/**
 * Asks a program one question after the other: a line of JSON on its input, a line of JSON on its output.
 *
 * @param command As for a shell.
 * @throws Error if the program ends, is silent for two minutes, or writes a line that is not a JSON object. Whatever the program
 *   has started is ended then too.
 */
export async function askProgram(command: string, asked: readonly Question[]): Promise<Result[]> {
  // In a process group of its own: the shell is not all that must end.
  const program = spawn(command, {
    shell: true,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const endWithRunner = (signal: NodeJS.Signals): void => {
    killGroup(program);
    // Its only handler is gone, so this ends the runner.
    process.kill(process.pid, signal);
  };
  for (const signal of ENDING_SIGNALS) process.once(signal, endWithRunner);
  // Of a program that has ended, the next line says so.
  program.stdin.on('error', () => {});
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const results: Result[] = [];
  try {
    for (const [id, { kind, name, input, problems }] of asked.entries()) {
      program.stdin.write(`${JSON.stringify({ id, kind, input })}\n`);
      const line = await withLimit(lines.next());
      if (line.done) throw new Error(`the program ended at ${kind}: ${name}`);
      const answer = answerOf(line.value);
      if (answer.id !== id) throw new Error(`the answer to question ${id} has id ${answer.id}`);
      results.push({
        kind,
        name,
        problems: answer.notImplemented ? undefined : problems(answer.output),
      });
    }
  } finally {
    for (const signal of ENDING_SIGNALS) process.off(signal, endWithRunner);
    program.stdin.end();
    killGroup(program);
    // A process that has left the group may hold its other end open.
    program.stdout.destroy();
    program.unref();
  }
  return results;
}

/** Also ends what goes on after the shell has ended. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // All of it has ended.
  }
}

function answerOf(line: string): Answer {
  let answer: unknown;
  try {
    answer = JSON.parse(line);
  } catch {
    throw new Error(`the program wrote a line that is not JSON: ${line.slice(0, 200)}`);
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new Error(`the program wrote a line that is not a JSON object: ${line.slice(0, 200)}`);
  return answer as Answer;
}

async function withLimit<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`)),
      ANSWER_WITHIN_MS,
    );
  });
  return await Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}
