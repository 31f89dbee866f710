import type { TurnId } from '../../units.ts';
import type { Draft } from '../state/draft.ts';
import type { DueState } from '../state/state.ts';

/**
 * States that are due while playout stands still. LiveKit has set its own state for the pause, so they take effect when
 * playout goes on [SQ6].
 */

/** Puts the agent in a state, at once or when the pause is over. */
export function applyState(draft: Draft, turnId: TurnId, due: DueState): void {
  const turn = draft.turn(turnId);
  if (draft.state.pausedAtMs === undefined)
    draft.emit({ type: 'agent_state_applied', turnId, ...due });
  else if (turn) draft.patchTurn(turnId, { held: [...turn.held, due] });
}

/** Playout goes on. A turn that ended in the pause, as each does that a cut ends, has dropped what it held. */
export function applyHeld(draft: Draft): void {
  for (const { id: turnId, held } of draft.state.turns) {
    draft.patchTurn(turnId, { held: [] });
    for (const due of held) draft.emit({ type: 'agent_state_applied', turnId, ...due });
  }
}
