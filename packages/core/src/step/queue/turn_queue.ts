import type { AgentStateName } from '../../events.ts';
import type { TurnId } from '../../units.ts';
import { skip } from '../finish.ts';
import type { Draft } from '../state/draft.ts';
import type { ResponseState, TurnEnding, TurnState } from '../state/state.ts';
import { applyState } from './held_states.ts';

/**
 * Drains the front of a turn: applies states that are due [SQ1] and skips responses that will never be heard [RS4].
 * Stops at the first response that may still be heard, so that events follow playout order [RS5].
 */
function advance(draft: Draft, id: TurnId): void {
  for (let turn = draft.turn(id); turn; turn = draft.turn(id)) {
    dropHeld(draft, turn);
    const head = turn.items[0];
    const moved =
      head === undefined
        ? leave(draft, turn)
        : head.kind === 'state'
          ? drainState(draft, turn, head.state)
          : drainResponse(draft, turn, head.response);
    if (!moved) return;
  }
}

/** Drains every turn. */
export function advanceAll(draft: Draft): void {
  for (const turn of draft.state.turns) advance(draft, turn.id);
}

function leave(draft: Draft, turn: TurnState): boolean {
  if (!turn.ending && (!turn.closed || turn.held.length > 0)) return false;
  draft.dropTurn(turn.id);
  return true;
}

function drainState(draft: Draft, turn: TurnState, state: AgentStateName): boolean {
  const { id: turnId, ending } = turn;
  if (ending) {
    dropState(draft, turnId, state, ending);
  } else if (turn.live) {
    applyState(draft, turnId, { state, source: 'queue' });
  } else {
    return false;
  }
  draft.shiftItem(turnId);
  return true;
}

/** The turn ended in the pause in which they became due. */
function dropHeld(draft: Draft, { id: turnId, ending, held }: TurnState): void {
  if (!ending || held.length === 0) return;
  draft.patchTurn(turnId, { held: [] });
  for (const { state, source } of held)
    if (source === 'queue') dropState(draft, turnId, state, ending);
}

function dropState(draft: Draft, turnId: TurnId, state: AgentStateName, { why }: TurnEnding): void {
  const reason = why === 'ended' ? 'turn_ended' : why;
  draft.emit({ type: 'agent_state_dropped', turnId, state, reason });
}

function drainResponse(draft: Draft, turn: TurnState, response: ResponseState): boolean {
  if (response.audio) return false;
  const reason = turn.ending ? skipReason(response, turn) : silentReason(response);
  if (reason === undefined) return false;
  skip(draft, response, reason);
  return true;
}

/** Why a response will never be heard although its turn goes on; `undefined` while it still may be heard. */
function silentReason(response: ResponseState): 'failed' | 'no_text' | 'no_audio' | undefined {
  const empty = response.text.trim() === '';
  if (!response.audioEnded && !(response.textEnded && empty)) return undefined;
  if (response.failure !== undefined) return 'failed';
  return empty ? 'no_text' : 'no_audio';
}

function skipReason(
  response: ResponseState,
  turn: TurnState,
): 'failed' | 'no_text' | 'cut' | 'closed' | 'not_spoken' | 'not_played' {
  if (response.failure !== undefined) return 'failed';
  if (turn.ending?.isWritten && response.text.trim() !== '') return 'not_spoken';
  if (turn.ending?.why === 'cut') return 'cut';
  if (turn.ending?.why === 'closed') return 'closed';
  return response.textEnded && response.text.trim() === '' ? 'no_text' : 'not_played';
}
