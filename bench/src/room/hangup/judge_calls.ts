import type { Truth } from '../truth/truth.ts';
import { type Call, TIMEOUT_MS } from './calls.ts';

/** A call, and what the page really played of its goodbye. */
export interface HeardCall {
  readonly call: Call;
  readonly truths: readonly Truth[];
}

/** What is wrong with a call; nothing, as it should be. */
export type Wrong =
  /** It hung up before the last sample had sounded. */
  | 'too_early'
  /** It hung up though the user had interrupted the goodbye. */
  | 'after_a_cut'
  /** It hung up, or gave up, after the time-out. */
  | 'too_late'
  /** The goodbye was heard and it never hung up. */
  | 'never';

export interface Verdict {
  readonly wrong: readonly Wrong[];
  /** From the last sample to the hang-up; undefined if it did not hang up, or the recording does not show the end. */
  readonly afterMs: number | undefined;
}

/** How exactly the recording tells when a sample sounded, at the worst. */
const TRUTH_MS = 5;
/** How late a timer of a busy machine may be. */
const TIMER_MS = 100;

export function judge({ call, truths }: HeardCall): Verdict {
  const { hungUpAtMs, askedAtMs, isCut, result } = call;
  const last = truths.at(-1);
  const endMs = last?.kind === 'heard' ? last.endMs : undefined;
  const timedOut = result.heard.outcome === 'timed_out';
  const afterMs = hungUpAtMs === undefined || endMs === undefined ? undefined : hungUpAtMs - endMs;
  const wrong: Wrong[] = [];
  if (afterMs !== undefined && afterMs < -TRUTH_MS && !timedOut) wrong.push('too_early');
  if (hungUpAtMs !== undefined && result.heard.outcome === 'cut') wrong.push('after_a_cut');
  if (hungUpAtMs !== undefined && hungUpAtMs - askedAtMs > TIMEOUT_MS + TIMER_MS)
    wrong.push('too_late');
  if (hungUpAtMs === undefined && !isCut) wrong.push('never');
  // Interrupted, and words of it were never played: whatever Oncue says, it was cut.
  if (hungUpAtMs !== undefined && isCut && !timedOut && isShort(call, truths))
    wrong.push('after_a_cut');
  return { wrong: [...new Set(wrong)], afterMs };
}

/** Whether the page did not play all words of the goodbye. */
function isShort({ script }: Call, truths: readonly Truth[]): boolean {
  const last = truths.at(-1);
  const words = script.responses.at(-1)?.words.length ?? 0;
  return last?.kind === 'silent' || (last?.kind === 'heard' && last.heardWords.length < words);
}
