import type { voice } from '@livekit/agents';
import { currentSpeech, type Speech } from './speech.ts';

/** What the hooks of an agent need of the session it serves in. */
export interface AgentOwner {
  /** The session's speech, if exactly one is live. */
  onlySpeech(): Speech | undefined;
  /** LiveKit ran a node outside the async context of its speech. */
  speechLost(): void;
}

const owners = new WeakMap<voice.Agent, AgentOwner>();

/** Notes which session an agent serves in now. */
export function setOwner(agent: voice.Agent, owner: AgentOwner): void {
  owners.set(agent, owner);
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
  if (current) return current;
  const only = owner?.onlySpeech();
  if (only) owner?.speechLost();
  return only;
}
