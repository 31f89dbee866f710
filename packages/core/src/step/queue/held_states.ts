import type { TurnId } from '../../units.ts';
import type { Draft } from '../state/draft.ts';
import type { DueState } from '../state/state.ts';

/**
 * States that are due while playout stands still. LiveKit has set its own state for the pause, so they take effect when
 * playout goes on [SQ6].
 */

/** Puts the agent in a state, at once or when the pause is over. */
export function applyState(draft: Draft, turnId: TurnId, due: DueState): void {
  const held = draft.turn(turnId)?.held ?? [];
  if (draft.state.pausedAtMs === undefined)
    draft.emit({ type: 'agent_state_applied', turnId, ...due });
  else draft.patchTurn(turnId, { held: [...held, due] });
}

/** A cut ended the pause: what began in it was cut. Turns that it ended drop what they hold. */
export function forgetHeld(draft: Draft): void {
  for (const { id, held, ending } of draft.state.turns)
    if (!ending && held.length > 0) draft.patchTurn(id, { held: [] });
}

/** Playout goes on. */
export function applyHeld(draft: Draft): void {
  for (const { id: turnId, held, ending } of draft.state.turns) {
    if (ending) continue;
    draft.patchTurn(turnId, { held: [] });
    for (const due of held) draft.emit({ type: 'agent_state_applied', turnId, ...due });
  }
}
