import type { voice } from '@livekit/agents';

/**
 * Whether a session has started. LiveKit has no public flag; `currentAgent` throws until the session runs
 * (`voice/agent_session.ts`). If that changes, `attachOncue` is not refused after the start, and Oncue gets no audio.
 */
export function hasStarted(session: voice.AgentSession): boolean {
  try {
    return session.currentAgent !== undefined;
  } catch {
    return false;
  }
}
