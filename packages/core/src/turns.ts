import type { Draft } from './draft.ts';
import { skip } from './playback.ts';
import type { ResponseState, TurnState } from './state.ts';
import type { TurnId } from './units.ts';

/**
 * Works off what has come to the front of a turn: states whose time has come [SQ1], responses that will never be heard
 * [RS4]. Stops at the first response that is still to be heard, so order is playout order [RS5].
 */
export function advance(draft: Draft, id: TurnId): void {
  for (;;) {
    const turn = draft.turn(id);
    if (!turn) return;
    const head = turn.items[0];
    if (!head) {
      if (turn.closed || turn.ending) draft.dropTurn(id);
      return;
    }
    if (head.kind === 'state') {
      if (turn.ending) dropState(draft, turn);
      else if (turn.live) applyState(draft, turn);
      else return;
      continue;
    }
    if (head.response.audio) return;
    const reason = turn.ending ? skipReason(head.response, turn) : silentReason(head.response);
    if (reason === undefined) return;
    skip(draft, head.response, reason);
  }
}

/** Works off every turn. */
export function advanceAll(draft: Draft): void {
  for (const turn of draft.state.turns) advance(draft, turn.id);
}

function applyState(draft: Draft, turn: TurnState): void {
  const head = turn.items[0];
  if (head?.kind !== 'state') return;
  draft.shiftItem(turn.id);
  draft.emit({ type: 'agent_state_applied', turnId: turn.id, state: head.state, source: 'queue' });
}

function dropState(draft: Draft, turn: TurnState): void {
  const head = turn.items[0];
  if (head?.kind !== 'state' || !turn.ending) return;
  draft.shiftItem(turn.id);
  const reason = turn.ending.why === 'ended' ? 'turn_ended' : turn.ending.why;
  draft.emit({ type: 'agent_state_dropped', turnId: turn.id, state: head.state, reason });
}

/** Why a response will never be heard though its turn goes on; `undefined` while it still may be. */
function silentReason(response: ResponseState): 'failed' | 'no_text' | 'no_audio' | undefined {
  const empty = response.text.trim() === '';
  if (!response.audioEnded && !(response.textEnded && empty)) return undefined;
  if (response.failure !== undefined) return 'failed';
  return empty ? 'no_text' : 'no_audio';
}

function skipReason(
  response: ResponseState,
  turn: TurnState,
): 'failed' | 'no_text' | 'cut' | 'closed' | 'not_played' {
  if (response.failure !== undefined) return 'failed';
  if (turn.ending?.why === 'cut') return 'cut';
  if (turn.ending?.why === 'closed') return 'closed';
  return response.textEnded && response.text.trim() === '' ? 'no_text' : 'not_played';
}
