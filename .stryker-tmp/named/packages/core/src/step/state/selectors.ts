import type { ResponseId } from '../../units.ts';
import type { ResponseState, TimelineState, TurnState } from './state.ts';

/** Reads a timeline's state, so that other code need not know how turns store their items. */

/** A response that has not ended; `undefined` if it has ended or never existed. */
export function responseOf(state: TimelineState, id: string): ResponseState | undefined {
  for (const turn of state.turns) {
    for (const item of turn.items) {
      if (item.kind === 'response' && item.response.id === id) return item.response;
    }
  }
  return undefined;
}

/** The turn of a response that has not ended. */
export function turnOf(state: TimelineState, id: ResponseId): TurnState | undefined {
  const turnId = responseOf(state, id)?.turnId;
  return state.turns.find((turn) => turn.id === turnId);
}

/** The responses declared after this one in its turn that have not ended, in order. */
export function nextInTurn(state: TimelineState, id: ResponseId): readonly ResponseState[] {
  const responses = (turnOf(state, id)?.items ?? []).flatMap((item) =>
    item.kind === 'response' ? [item.response] : [],
  );
  return responses.slice(responses.findIndex((response) => response.id === id) + 1);
}

/** Whether audio sent for this response now would be played. */
export function takesAudio(state: TimelineState, id: ResponseId): boolean {
  const response = responseOf(state, id);
  if (!response || response.cut || response.audioEnded) return false;
  return !turnOf(state, id)?.ending;
}

/** Whether sent audio of this speech may still sound: a response with audio has not ended and was not cut. */
export function isAudible(state: TimelineState, speechId: string): boolean {
  return state.turns.some(
    (turn) =>
      turn.speechId === speechId &&
      turn.items.some(
        (item) => item.kind === 'response' && item.response.audio && !item.response.cut,
      ),
  );
}
