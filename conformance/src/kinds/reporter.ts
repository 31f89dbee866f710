import type { Kind } from '../kind.ts';
import { type Expected, problemsOf, type SentMessage } from './reporter_judge.ts';
import { type Recipe, reporterInput } from './reporter_recipe.ts';

/**
 * A listener in a room, from its first message to its last. Input: `audio`, `frameZeroAtMs`, `untilMs` and `steps`
 * (`reporter_recipe.ts`). Output: what it sent, each `{ atMs, text }`.
 */
export const reporter: Kind = {
  input: (recipe: Recipe) => reporterInput(recipe),
  problems: (
    { given, expected }: { given: Recipe; expected: Expected },
    output: readonly SentMessage[],
  ) => problemsOf(given, expected, output),
};
