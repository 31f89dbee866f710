import type { Audibility } from '../events.ts';
import { type AgentMs, addMs, earlierOf, laterOf, msToSamples } from '../units.ts';
import { nextSoundsFromMs } from './claims/positions.ts';
import { expectedHeardSamples } from './estimated_playhead.ts';
import { endUnheard } from './finish.ts';
import { type InaudibleTime, joinSpans, soundsAfter, spansUntil } from './inaudible_spans.ts';
import type { Listeners, TimelineInput } from './inputs.ts';
import { noteLeftToHearers } from './outcome/left_to_gone.ts';
import { advancePlayhead, startIfAudible } from './playback.ts';
import type { Draft } from './state/draft.ts';
import type { TimelineState } from './state/state.ts';

/** A page may say that it falls silent when what it has rendered has sounded, so a little in advance. */
const MAX_AHEAD_MS = 1000;

/** Times in which a listener was muted that are kept for late reports alone. */
const MUTED_TIMES_KEPT = 16;

/**
 * Who can hear has changed [AU1]. What sounded since then is put right; what nobody can hear is skipped, if the application
 * wants that [AU7].
 */
export function changeAudibility(
  draft: Draft,
  input: Extract<TimelineInput, { type: 'audibility_changed' }>,
): void {
  const { audibility: before } = draft.state;
  const { audibility, whileInaudible = 'plays' } = input;
  const sinceErrorBoundMs = Math.max(0, input.sinceErrorBoundMs || 0);
  draft.patch({ whileInaudible });
  if (audibility === before) return;
  if (audibility === 'muted') endSilenceAt(draft, input.sinceMs ?? draft.atMs);
  const { inaudibleTimes } = draft.state;
  const saidMs = audibility === 'nobody' ? goneAt(draft, input.sinceMs) : input.sinceMs;
  const sinceMs = sinceOf(draft, saidMs ?? draft.atMs);
  if (audibility !== 'listening') hearUntil(draft, sinceMs);
  if (audibility === 'nobody' || audibility === 'muted') noteLeftToHearers(draft, sinceMs);
  const closed = endedAt(inaudibleTimes, sinceMs, sinceErrorBoundMs);
  // One that does not answer may listen or not.
  const why = audibility === 'listening' && !draft.state.answers ? 'silent' : audibility;
  draft.patch({
    audibility,
    inaudibleTimes:
      why === 'listening'
        ? closed
        : [
            ...closed,
            { why, fromMs: sinceMs, fromErrorBoundMs: sinceErrorBoundMs, toMs: undefined },
          ],
  });
  draft.emit({ type: 'audibility_changed', audibility, before, sinceMs });
  correctSince(draft, sinceMs, why);
}

/**
 * A listener does not answer, or does again [AU12]. It may be gone or just late, so that is no change of who can hear; but
 * of what sounds meanwhile only a report can say that it was heard.
 */
export function changeAnswers(
  draft: Draft,
  { answers, sinceMs }: Extract<TimelineInput, { type: 'listener_answers' }>,
): void {
  draft.patch({ answers });
  const { audibility, inaudibleTimes } = draft.state;
  // While nobody can hear, that is known already.
  if (audibility !== 'listening') return;
  if (answers) {
    const atMs = sinceOf(draft, sinceMs ?? draft.atMs);
    draft.patch({ inaudibleTimes: endedAt(inaudibleTimes, atMs) });
    return;
  }
  if (sinceMs === undefined) return;
  const atMs = sinceOf(draft, sinceMs);
  if (inaudibleTimes.at(-1)?.toMs === undefined && inaudibleTimes.length > 0) return;
  draft.patch({
    inaudibleTimes: [...inaudibleTimes, { why: 'silent', fromMs: atMs, toMs: undefined }],
  });
  correctSince(draft, atMs, 'silent');
}

/** What plays now all of them may hear, also after some have gone [AU22]. */
export function countListeners(draft: Draft, listeners: Listeners): void {
  draft.patch({ listeners });
  if (listeners === 'one') return;
  for (const id of draft.state.playout) draft.patchResponse(id, { listeners });
}

/** It is not asked any more whether it answers: another listens, or none does. */
export function endUnanswered(draft: Draft): void {
  const { audibility, inaudibleTimes } = draft.state;
  if (audibility === 'listening')
    draft.patch({ inaudibleTimes: endedAt(inaudibleTimes, draft.atMs) });
}

/** Ends every response of the playout as not heard, if that is wanted while nobody can hear. */
export function skipInaudible(draft: Draft): void {
  if (draft.state.whileInaudible === 'plays' || draft.state.audibility === 'listening') return;
  for (const id of draft.state.playout) endUnheard(draft, id);
}

/** Forgets the times in which nobody could hear that lie before all that still plays. */
export function forgetInaudibleTimes(draft: Draft): void {
  const { inaudibleTimes, playout } = draft.state;
  if (inaudibleTimes.length === 0) return;
  const head = playout[0] === undefined ? undefined : draft.response(playout[0]);
  // A start that was measured does not move any more.
  const isMeasured =
    head?.playback.status === 'playing' && head.playback.start.evidence !== 'estimate';
  const neededMs = isMeasured ? nextSoundsFromMs(head.playback) : head?.audio?.sentFromMs;
  const isNeeded = ({ toMs, toErrorBoundMs = 0 }: InaudibleTime): boolean =>
    toMs === undefined || addMs(toMs, toErrorBoundMs) >= (neededMs ?? draft.atMs);
  const unknownFromMs = unknownSinceMs(draft.state);
  const late = inaudibleTimes
    .filter((time) => time.why === 'muted' && !isNeeded(time) && (time.toMs ?? 0) >= unknownFromMs)
    .slice(-MUTED_TIMES_KEPT);
  const kept = [...late, ...inaudibleTimes.filter(isNeeded)];
  if (kept.length < inaudibleTimes.length) draft.patch({ inaudibleTimes: kept });
}

/** Since when responses were sent of which a late report may still say what was heard [PB19]. */
function unknownSinceMs({ recent }: TimelineState): number {
  const sent = recent.flatMap(({ ended }) => {
    const { audio } = ended?.response ?? {};
    if (!ended || !audio) return [];
    // What was cut may have sounded further than was known when it ended.
    const isKnown =
      ended.soundedSamples === audio.sentSamples &&
      ended.inaudible.every(({ why }) => why === 'muted');
    return isKnown ? [] : [audio.sentFromMs];
  });
  return Math.min(...sent);
}

/** Of the time in which the listener did not answer it is known now that it was muted from an instant on. */
function endSilenceAt(draft: Draft, atMs: AgentMs): void {
  const { inaudibleTimes } = draft.state;
  const place = inaudibleTimes.findLastIndex(
    ({ why, fromMs }) => why !== 'silent' || fromMs < atMs,
  );
  const times = inaudibleTimes.slice(0, place + 1);
  const last = times.at(-1);
  const isSilentThen = last?.why === 'silent' && (last.toMs ?? atMs) >= atMs;
  draft.patch({
    inaudibleTimes: isSilentThen ? [...times.slice(0, -1), { ...last, toMs: atMs }] : times,
  });
}

/** When the listener went. A page may have reported, before it went, what sounds a little later: it hears that still. */
function goneAt(draft: Draft, saidMs: AgentMs | undefined): AgentMs | undefined {
  const [headId] = draft.state.playout;
  const playback = headId === undefined ? undefined : draft.response(headId)?.playback;
  if (saidMs !== undefined || !playback || playback.status === 'unheard') return saidMs;
  return playback.positionEvidence === 'estimate'
    ? undefined
    : laterOf(draft.atMs, playback.movedAtMs);
}

/**
 * Of one that reports nothing, what sounded until nobody could hear was heard by the estimate [PB15]: at the end nothing would say
 * when it sounded. What one that reports had not reported is not known, and is sent again.
 */
function hearUntil(draft: Draft, sinceMs: AgentMs): void {
  const { listening, listenerSinceMs, path, playout } = draft.state;
  const [headId] = playout;
  const head = headId === undefined ? undefined : draft.response(headId);
  if (listening || !head?.audio || head.playback.status === 'unheard') return;
  if (listenerSinceMs > head.audio.sentFromMs) return;
  const heardSamples = expectedHeardSamples(draft.state, head, sinceMs);
  if (heardSamples <= head.playback.heardSamples) return;
  const { errorBoundMs } = path;
  const how = { evidence: 'estimate', errorBoundMs, isExact: false } as const;
  advancePlayhead(draft, head.id, { heardSamples, atMs: sinceMs, ...how });
}

/** Not before the change before it, nor later than a page can know. */
function sinceOf(draft: Draft, sinceMs: AgentMs): AgentMs {
  const last = draft.state.inaudibleTimes.at(-1);
  const latest = earlierOf(sinceMs, addMs(draft.atMs, MAX_AHEAD_MS));
  return last ? laterOf(latest, last.toMs ?? last.fromMs) : latest;
}

function endedAt(
  times: readonly InaudibleTime[],
  atMs: AgentMs,
  toErrorBoundMs = 0,
): readonly InaudibleTime[] {
  return times.flatMap((time) => {
    if (time.toMs !== undefined) return [time];
    return atMs > time.fromMs ? [{ ...time, toMs: atMs, toErrorBoundMs }] : [];
  });
}

/** What counted as heard, or as not heard, since an instant of which that was not known yet. */
function correctSince(draft: Draft, sinceMs: AgentMs, audibility: Audibility): void {
  const { playout } = draft.state;
  const head = playout[0] === undefined ? undefined : draft.response(playout[0]);
  if (!head?.audio || head.playback.status === 'unheard') return;
  const { playback, audio, inaudible } = head;
  const { heardSamples, movedAtMs } = playback;
  if (movedAtMs <= sinceMs) return;
  // Silence bounds only what is assumed [AU4].
  if (audibility === 'silent' && playback.positionEvidence !== 'estimate') return;
  const fromMs = laterOf(sinceMs, playback.start.startedAtMs);
  const next = soundsAfter(playback.runs, sinceMs);
  const sounded =
    next?.sample ?? heardSamples - msToSamples(movedAtMs - sinceMs, audio.sampleRateHz);
  // Of what was announced as heard the first sample stays so [PB1].
  const least = playback.status === 'playing' && inaudible[0]?.fromSamples !== 0 ? 1 : 0;
  const fromSamples = Math.max(least, sounded);
  const surelyFrom = Math.max(fromSamples, next?.surely ?? 0);
  const kept = spansUntil(inaudible, fromSamples);
  const unknown = { why: 'silent' as const, fromSamples, toSamples: surelyFrom };
  const added =
    audibility === 'listening'
      ? [unknown]
      : [unknown, { why: audibility, fromSamples: surelyFrom, toSamples: heardSamples }];
  draft.patchResponse(head.id, { inaudible: joinSpans(kept, added) });
  // If it stood still then, it went on before the report that says so, and not before it could be heard.
  const stoodMs = Math.max(0, (next?.fromMs ?? fromMs) - fromMs);
  startIfAudible(draft, head.id, {
    startedAtMs: addMs(fromMs, stoodMs / 2),
    evidence: playback.positionEvidence,
    errorBoundMs: Math.max(playback.soundedErrorBoundMs, playback.start.errorBoundMs + stoodMs / 2),
  });
}
