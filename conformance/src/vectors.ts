import { readdirSync, readFileSync } from 'node:fs';
import type { Kind, Vector } from './kind.ts';
import { captions } from './kinds/captions.ts';
import { clock } from './kinds/clock.ts';
import { fingerprint } from './kinds/fingerprint.ts';
import { gate } from './kinds/gate.ts';
import { agentMessage, audioFrame, captionMessage, listenerMessage } from './kinds/messages.ts';
import { reporter } from './kinds/reporter.ts';
import { search } from './kinds/search.ts';
import { trace } from './kinds/trace.ts';

const FOLDER = new URL('../vectors/', import.meta.url);

/** Every kind, by the name of its file. */
export const KINDS: Readonly<Record<string, Kind>> = {
  agent_message: agentMessage,
  listener_message: listenerMessage,
  caption_message: captionMessage,
  captions,
  audio_frame: audioFrame,
  clock,
  gate,
  fingerprint,
  search,
  reporter,
  trace,
};

/** What a program is asked, and what to make of its answer. */
export interface Question {
  readonly kind: string;
  readonly name: string;
  readonly input: unknown;
  readonly expected: unknown;
  problems(output: unknown): string[];
}

/** Every vector of the repository as a question. */
export function questions(kinds: readonly string[] = Object.keys(KINDS)): Question[] {
  return kinds.flatMap((kind) => {
    const tests = KINDS[kind];
    if (!tests)
      throw new Error(`there is no kind ${kind}; there are ${Object.keys(KINDS).join(', ')}`);
    return vectorsOf(kind).map((vector) => questionOf(kind, tests, vector));
  });
}

/** Names of the files with vectors. */
export function vectorFiles(): string[] {
  return readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));
}

function vectorsOf(kind: string): Vector[] {
  return JSON.parse(readFileSync(new URL(`${kind}.json`, FOLDER), 'utf8')) as Vector[];
}

function questionOf(kind: string, tests: Kind, vector: Vector): Question {
  return {
    kind,
    name: vector.name,
    input: tests.input(vector.given as never),
    expected: vector.expected,
    problems: (output) => {
      try {
        return tests.problems(vector as never, output as never);
      } catch {
        return [
          `the answer has another form than the page says: ${JSON.stringify(output)?.slice(0, 200)}`,
        ];
      }
    },
  };
}
