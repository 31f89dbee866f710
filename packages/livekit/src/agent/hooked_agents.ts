import type { voice } from '@livekit/agents';
import { memberOf } from '../livekit_internals/members.ts';
import type { AgentTurn } from './declaring_turn.ts';
import { currentSpeech, type Speech } from './speech.ts';
import { currentTurn, turnStorage, UNTRACKED_TURN } from './turn_storage.ts';

/** What the hooks of an agent need of the session it serves in. */
export interface AgentOwner {
  /** The session's speech, if exactly one is live. */
  onlySpeech(): Speech | undefined;
  /** Whether the speech of a node that runs outside of any cannot be told: several are live, or LiveKit speaks and none was ever seen. */
  readonly isSpeechUnclear: boolean;
  /** LiveKit ran a node outside the async context of its speech. */
  speechLost(): void;
}

const owners = new WeakMap<voice.Agent, AgentOwner>();
/** Sessions with Oncue, also where it is switched off. */
const sessions = new WeakSet<object>();
const declaring = new WeakSet<voice.Agent>();

/** Notes that Oncue is attached to a session. */
export function noteSession(session: object): void {
  sessions.add(session);
}

function isAttached(session: unknown): boolean {
  return typeof session === 'object' && session !== null && sessions.has(session);
}

/** Notes which session an agent serves in now. */
export function setOwner(agent: voice.Agent, owner: AgentOwner): void {
  owners.set(agent, owner);
}

/** Notes that the `llmNode` of an agent always runs in a turn. */
export function noteDeclaring(agent: voice.Agent): void {
  declaring.add(agent);
}

/** Whether the `llmNode` of an agent always runs in a turn. */
export function canDeclare(agent: voice.Agent): boolean {
  return declaring.has(agent);
}

/** Whether an agent serves in a session with Oncue. */
export function isOwned(agent: voice.Agent): boolean {
  return owners.has(agent);
}

/** The speech that a node of an agent runs for; `undefined` outside a session with Oncue. */
export function speechOf(agent: voice.Agent): Speech | undefined {
  return speechIn(owners.get(agent));
}

/**
 * The speech of the running code. A node runs only while its speech is live, so where the async context holds none that
 * is, LiveKit has lost it, and it is the session's only one.
 */
export function speechIn(owner: AgentOwner | undefined): Speech | undefined {
  const current = currentSpeech();
  // The code of a speech that Oncue failed to follow must not pass for that of another.
  if (current || !owner || turnStorage.getStore() === UNTRACKED_TURN) return current;
  const only = owner.onlySpeech();
  if (only || owner.isSpeechUnclear) owner.speechLost();
  return only;
}

/**
 * The turn that an agent's own class declares in. Where Oncue did not get to the agent, its text is spoken all the same,
 * and what it declares is ignored [LK11].
 *
 * @throws OncueError `ONCUE_NO_TURN` outside a turn, or in a session without `attachOncue`.
 */
export function turnOf(agent: voice.Agent): AgentTurn {
  const isMissed = !canDeclare(agent) && (isOwned(agent) || isAttached(memberOf(agent, 'session')));
  return turnStorage.getStore() ?? (isMissed ? UNTRACKED_TURN : currentTurn());
}
