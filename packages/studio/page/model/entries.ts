import type { ResponseView } from './response_view.ts';
import type { PartFailure, TraceModel, UserSaid } from './trace_model.ts';

/** An entry of the conversation. */
export type Entry =
  | { readonly kind: 'user'; readonly atMs: number; readonly said: UserSaid }
  | {
      readonly kind: 'failure';
      readonly atMs: number;
      readonly failure: PartFailure;
      /** How often it came in a row: LiveKit tries a request again. */
      readonly count: number;
    }
  | { readonly kind: 'agent'; readonly atMs: number; readonly response: ResponseView };

/** What was said, what failed and the responses, in the order of their instants. */
export function entriesOf(model: TraceModel): readonly Entry[] {
  const said = model.userSaid.map((one) => ({ kind: 'user', atMs: one.atMs, said: one }) as const);
  const responses = model.responses.map(
    (response) => ({ kind: 'agent', atMs: response.declaredAtMs, response }) as const,
  );
  const failures = model.failures.map(
    (failure) => ({ kind: 'failure', atMs: failure.atMs, failure, count: 1 }) as const,
  );
  const all = [...said, ...responses, ...failures].sort((a, b) => a.atMs - b.atMs);
  const entries: Entry[] = [];
  for (const entry of all) {
    const last = entries.at(-1);
    if (last?.kind === 'failure' && isSameFailure(last, entry))
      entries[entries.length - 1] = { ...last, count: last.count + 1 };
    else entries.push(entry);
  }
  return entries;
}

function isSameFailure({ failure }: Extract<Entry, { kind: 'failure' }>, after: Entry): boolean {
  if (after.kind !== 'failure') return false;
  return failure.part === after.failure.part && failure.message === after.failure.message;
}
