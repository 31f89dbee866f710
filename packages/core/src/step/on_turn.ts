import {
  type AgentMs,
  addMs,
  earlierOf,
  laterOf,
  type ResponseId,
  samplesToMs,
  unreachable,
} from '../units.ts';
import { haveLeftAtMs, runOf, withRun } from './claims/leaving.ts';
import { finishIfComplete } from './finish.ts';
import type { TimelineInput } from './inputs.ts';
import { placeMark } from './marks.ts';
import { cutResponses } from './on_cut.ts';
import type { Draft } from './state/draft.ts';
import type { LeaveRun, ResponseState, SentAudio } from './state/state.ts';

type TurnInput = Extract<
  TimelineInput,
  {
    type:
      | 'turn_opened'
      | 'response_begun'
      | 'mark_placed'
      | 'text_added'
      | 'text_ended'
      | 'state_queued'
      | 'turn_closed'
      | 'turn_live'
      | 'turn_ended'
      | 'audio_sent'
      | 'words_timed'
      | 'audio_ended'
      | 'response_failed';
  }
>;

/** Handles what the agent declares, generates and sends in a turn. */
export function takeTurnInput(draft: Draft, input: TurnInput): void {
  switch (input.type) {
    case 'turn_opened':
      openTurn(draft, input);
      return;
    case 'response_begun':
      beginResponse(draft, input);
      return;
    case 'mark_placed':
      placeMark(draft, input);
      return;
    case 'text_added':
      patch(draft, input.responseId, (response) =>
        isTextFinal(response) ? {} : { text: response.text + input.text },
      );
      return;
    case 'text_ended':
      patch(draft, input.responseId, (response) =>
        isTextFinal(response) ? {} : { textEnded: true },
      );
      return;
    case 'state_queued':
      queueState(draft, input);
      return;
    case 'turn_closed':
      draft.patchTurn(input.turnId, { closed: true });
      return;
    case 'turn_live':
      draft.patchTurn(input.turnId, { live: true });
      return;
    case 'turn_ended':
      endTurn(draft, input);
      return;
    case 'audio_sent':
      sendAudio(draft, input);
      return;
    case 'words_timed':
      patch(draft, input.responseId, (response) => ({
        words: [...response.words, ...input.words],
      }));
      return;
    case 'audio_ended':
      endAudio(draft, input.responseId);
      return;
    case 'response_failed':
      failResponse(draft, input);
      return;
    default:
      unreachable(input);
  }
}

function patch(
  draft: Draft,
  id: ResponseId,
  change: (response: ResponseState) => Partial<ResponseState>,
): void {
  const response = draft.response(id);
  if (response) draft.patchResponse(id, change(response));
}

/** Text that arrives after a cut is not synthesized, unless all audio was complete before the cut [HT5]. */
function isTextFinal({ cut, audioEnded }: ResponseState): boolean {
  return cut !== undefined && !audioEnded;
}

function openTurn(draft: Draft, input: Extract<TurnInput, { type: 'turn_opened' }>): void {
  if (draft.turn(input.turnId)) return;
  const turn = {
    id: input.turnId,
    speechId: input.speechId,
    items: [],
    live: false,
    closed: false,
    ending: undefined,
    held: [],
  };
  draft.patch({ turns: [...draft.state.turns, turn] });
}

function beginResponse(draft: Draft, input: Extract<TurnInput, { type: 'response_begun' }>): void {
  const turn = draft.turn(input.turnId);
  if (draft.response(input.responseId)) return;
  const { turnId, responseId: id, index, metadata, implicit } = input;
  const ref = {
    turnId,
    responseId: id,
    index,
    ...(turn?.speechId === undefined ? {} : { speechId: turn.speechId }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  draft.emit({ type: 'response_declared', ...ref, implicit });
  if (!turn) {
    // An interrupted generator goes on declaring. These responses get their end event like any other [RS3, RS6].
    draft.emit({ type: 'response_skipped', ...ref, reason: 'not_played' });
    return;
  }
  const response: ResponseState = {
    id,
    turnId,
    ref,
    text: '',
    textEnded: false,
    words: [],
    audio: undefined,
    audioEnded: false,
    truncated: false,
    stopReported: undefined,
    reported: undefined,
    listeners: 'one',
    leftToGone: [],
    failure: undefined,
    playback: { status: 'unheard' },
    inaudible: [],
    cut: undefined,
    tasks: [],
    predictedAtMs: undefined,
    marks: [],
    nextMarkSamples: undefined,
  };
  draft.patchTurn(turn.id, { items: [...turn.items, { kind: 'response', response }] });
}

function queueState(draft: Draft, input: Extract<TurnInput, { type: 'state_queued' }>): void {
  const { turnId, state } = input;
  const turn = draft.turn(turnId);
  if (turn) draft.patchTurn(turnId, { items: [...turn.items, { kind: 'state', state }] });
  else draft.emit({ type: 'agent_state_dropped', turnId, state, reason: 'turn_ended' });
}

/** Nothing more of the turn will be sent. If it was interrupted, what still plays of it is cut. */
function endTurn(draft: Draft, input: Extract<TurnInput, { type: 'turn_ended' }>): void {
  const turn = draft.turn(input.turnId);
  if (!turn || turn.ending) return;
  const { cutBy: by, isWritten = false } = input;
  const ending = by === undefined ? ({ why: 'ended' } as const) : ({ why: 'cut', by } as const);
  draft.patchTurn(turn.id, { ending: { ...ending, isWritten } });
  const audible = draft.state.playout.filter((id) => draft.response(id)?.turnId === turn.id);
  if (by === undefined) for (const id of audible) endAudio(draft, id, true);
  else cutResponses(draft, audible, by);
}

type SentInput = Extract<TurnInput, { type: 'audio_sent' }>;

function sendAudio(draft: Draft, input: SentInput): void {
  const response = draft.response(input.responseId);
  if (!response || response.cut || response.audioEnded) return;
  if (draft.turn(response.turnId)?.ending || !(input.samples > 0 && input.sampleRateHz > 0)) return;
  if (!response.audio) endAudioBefore(draft, response);
  const audio = withSent(draft, response.audio, input);
  const listeners = draft.state.listeners === 'several' ? 'several' : response.listeners;
  draft.patchResponse(response.id, { audio, listeners });
  draft.patch({
    bufferedUntilMs: audio.modelEndMs,
    ...(response.audio ? {} : { playout: [...draft.state.playout, response.id] }),
  });
  // Audio is only sent for the speech that has the floor.
  draft.patchTurn(response.turnId, { live: true });
}

function withSent(draft: Draft, before: SentAudio | undefined, input: SentInput): SentAudio {
  const { samples, sampleRateHz, sentAtMs = draft.atMs } = input;
  const sentFromMs = earlierOf(draft.atMs, sentAtMs);
  const { leavesAtMs = sentFromMs } = input;
  const { bufferedUntilMs, pausedAtMs } = draft.state;
  const startMs = laterOf(bufferedUntilMs, pausedAtMs ?? laterOf(draft.atMs, leavesAtMs));
  const ranDry = before !== undefined && before.modelEndMs < startMs;
  return {
    sampleRateHz,
    sentSamples: (before?.sentSamples ?? 0) + samples,
    sentFromMs: before?.sentFromMs ?? sentFromMs,
    samplesBeforeGap: ranDry ? before.sentSamples : (before?.samplesBeforeGap ?? 0),
    modelStartMs: before?.modelStartMs ?? startMs,
    modelEndMs: addMs(startMs, samplesToMs(samples, sampleRateHz)),
    startedInPause: before?.startedInPause ?? false,
    runs: runsWith(draft, before, laterOf(sentFromMs, leavesAtMs)),
  };
}

/** When audio that is sent now leaves at the earliest: after what was sent before it and was not cut. */
function runsWith(
  draft: Draft,
  before: SentAudio | undefined,
  leavesAtMs: AgentMs,
): readonly LeaveRun[] {
  const { pausedAtMs, pauseReaches, playout } = draft.state;
  // The resume moves it on from the instant of the pause.
  const isStopped = pauseReaches === 'queue' && pausedAtMs !== undefined;
  const queuedMs = isStopped ? addMs(pausedAtMs, Math.max(0, leavesAtMs - draft.atMs)) : leavesAtMs;
  let fromMs = laterOf(queuedMs, draft.state.endedLeftAtMs);
  let sinceMs = fromMs;
  for (const id of playout) {
    const { audio, cut } = draft.response(id) ?? {};
    const endsAtMs = audio && haveLeftAtMs(audio, audio.sentSamples);
    if (!audio || cut || endsAtMs === undefined || endsAtMs < fromMs) continue;
    fromMs = endsAtMs;
    sinceMs = runOf(audio, audio.sentSamples)?.unbrokenSinceMs ?? endsAtMs;
  }
  return withRun(before, fromMs, sinceMs);
}

/**
 * Responses play in order: once audio of a response is sent, no more audio of an earlier one follows. Earlier responses
 * without audio are skipped now, so that the states between take effect before this response is heard [SQ1].
 */
function endAudioBefore(draft: Draft, response: ResponseState): void {
  const items = draft.turn(response.turnId)?.items ?? [];
  for (const item of items) {
    if (item.kind !== 'response') continue;
    if (item.response.id === response.id) break;
    endAudio(draft, item.response.id);
  }
  for (const id of draft.state.playout) endAudio(draft, id);
}

/** Records that no more audio of a response comes. Ignored after a cut, where it does not mean that all was sent. */
function endAudio(draft: Draft, id: ResponseId, truncated: boolean = false): void {
  const response = draft.response(id);
  if (!response || response.audioEnded || response.cut) return;
  draft.patchResponse(id, { audioEnded: true, truncated });
  finishIfComplete(draft, id);
}

/** Records that the rest of the response will not come. What was already sent still plays. */
function failResponse(draft: Draft, input: Extract<TurnInput, { type: 'response_failed' }>): void {
  const response = draft.response(input.responseId);
  if (!response || response.failure !== undefined) return;
  draft.patchResponse(response.id, { failure: input.detail, textEnded: true });
}
