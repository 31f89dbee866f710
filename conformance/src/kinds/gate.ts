import { type Kind, sameAs } from '../kind.ts';

/**
 * Messages of one listener, in the order in which they arrive, and what an agent makes of each. Input: `steps`, each with
 * `atMs` on the agent's clock, and with `pingId` (the agent sends this ping then) or with `text` (this message arrives then,
 * `times` times). Output: one word for each message: `joined`, `left`, `playhead`, `audibility`, `clock`, `known`, or
 * `dropped:` and the reason.
 */
export const gate: Kind = {
  input: ({ steps }: { readonly steps: readonly Step[] }) => ({
    steps: steps.flatMap(({ message, times = 1, ...step }) =>
      message === undefined
        ? [step]
        : Array.from({ length: times }, (_, index) => ({
            ...step,
            text: JSON.stringify(
              times === 1 ? message : { ...message, seq: Number(message['seq']) + index },
            ),
          })),
    ),
  }),
  problems: ({ expected }, output) => sameAs(expected, runsOf(output)),
};

interface Step {
  readonly atMs: number;
  readonly pingId?: number;
  readonly text?: string;
  readonly message?: Readonly<Record<string, unknown>>;
  /** So many copies, each with the next `seq`. */
  readonly times?: number;
}

/** Words in a row that are the same as one: `playhead ×3`. */
function runsOf(words: readonly string[]): string[] {
  const runs: { word: string; count: number }[] = [];
  for (const word of words) {
    const latest = runs.at(-1);
    if (latest?.word === word) latest.count += 1;
    else runs.push({ word, count: 1 });
  }
  return runs.map(({ word, count }) => (count === 1 ? word : `${word} ×${count}`));
}
