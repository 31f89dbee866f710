import { type Draft, refOf } from './draft.ts';
import type { TimelineInput } from './inputs.ts';
import type { ResponseState } from './state.ts';
import { addMs, laterOf, type ResponseId, samplesToMs, type TurnId, unreachable } from './units.ts';

type TurnInput = Extract<
  TimelineInput,
  {
    type:
      | 'turn_opened'
      | 'response_begun'
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

/** What the agent's side of a turn declares, generates and sends. */
export function takeTurnInput(draft: Draft, input: TurnInput): void {
  switch (input.type) {
    case 'turn_opened':
      openTurn(draft, input);
      return;
    case 'response_begun':
      beginResponse(draft, input);
      return;
    case 'text_added':
      patch(draft, input.responseId, (response) => ({ text: response.text + input.text }));
      return;
    case 'text_ended':
      draft.patchResponse(input.responseId, { textEnded: true });
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
      draft.patchResponse(input.responseId, { audioEnded: true });
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

function openTurn(draft: Draft, input: Extract<TurnInput, { type: 'turn_opened' }>): void {
  if (draft.turn(input.turnId)) return;
  const turn = {
    id: input.turnId,
    ...(input.speechId === undefined ? {} : { speechId: input.speechId }),
    items: [],
    declaredCount: 0,
    live: false,
    closed: false,
  };
  draft.patch({ turns: [...draft.state.turns, turn] });
}

function beginResponse(draft: Draft, input: Extract<TurnInput, { type: 'response_begun' }>): void {
  const turn = draft.turn(input.turnId);
  if (!turn || draft.response(input.responseId)) return;
  const response: ResponseState = {
    id: input.responseId,
    turnId: turn.id,
    index: turn.declaredCount,
    ...(turn.speechId === undefined ? {} : { speechId: turn.speechId }),
    ...(input.metadata === undefined ? {} : { metadata: input.metadata }),
    text: '',
    textEnded: false,
    words: [],
    audioEnded: false,
    playback: { status: 'unheard' },
    tasks: [],
  };
  draft.patchTurn(turn.id, {
    items: [...turn.items, { kind: 'response', response }],
    declaredCount: turn.declaredCount + 1,
  });
  draft.emit({ type: 'response_declared', ...refOf(response), implicit: input.implicit });
}

function queueState(draft: Draft, input: Extract<TurnInput, { type: 'state_queued' }>): void {
  const turn = draft.turn(input.turnId);
  if (turn)
    draft.patchTurn(turn.id, { items: [...turn.items, { kind: 'state', state: input.state }] });
}

/** Nothing more of the turn will be sent; what is still playing of it was left behind by an interruption. */
function endTurn(draft: Draft, input: Extract<TurnInput, { type: 'turn_ended' }>): void {
  const turn = draft.turn(input.turnId);
  if (!turn || turn.ending) return;
  const by = input.cutBy;
  draft.patchTurn(turn.id, { ending: by === undefined ? { why: 'ended' } : { why: 'cut', by } });
  for (const id of audibleOf(draft, turn.id)) {
    if (draft.response(id)?.cut) continue;
    if (by === undefined) draft.patchResponse(id, { audioEnded: true });
    else draft.patchResponse(id, { cut: { by, atMs: draft.atMs } });
  }
}

function audibleOf(draft: Draft, turnId: TurnId): readonly ResponseId[] {
  return draft.state.playout.filter((id) => draft.response(id)?.turnId === turnId);
}

function sendAudio(draft: Draft, input: Extract<TurnInput, { type: 'audio_sent' }>): void {
  const response = draft.response(input.responseId);
  if (!response || response.cut || response.audioEnded || input.samples <= 0) return;
  const startMs = laterOf(draft.state.bufferedUntilMs, draft.state.pausedAtMs ?? draft.atMs);
  const endMs = addMs(startMs, samplesToMs(input.samples, input.sampleRateHz));
  const before = response.audio;
  draft.patchResponse(response.id, {
    audio: {
      sampleRateHz: input.sampleRateHz,
      sentSamples: (before?.sentSamples ?? 0) + input.samples,
      modelStartMs: before?.modelStartMs ?? startMs,
      modelEndMs: endMs,
    },
  });
  draft.patch({
    bufferedUntilMs: endMs,
    ...(before ? {} : { playout: [...draft.state.playout, response.id] }),
  });
  // Audio is sent only for the speech that has the floor.
  draft.patchTurn(response.turnId, { live: true });
}

/** The rest of the response will not come. What was sent of it still plays. */
function failResponse(draft: Draft, input: Extract<TurnInput, { type: 'response_failed' }>): void {
  const response = draft.response(input.responseId);
  if (!response || response.failure !== undefined) return;
  draft.patchResponse(response.id, { failure: input.detail, textEnded: true });
}
