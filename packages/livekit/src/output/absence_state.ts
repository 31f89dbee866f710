import type { voice } from '@livekit/agents';
import type { OncueEvent, Timeline, TurnId } from '@oncue/core';
import { responseOf } from '@oncue/core/internal';
import { canSetAgentState } from '../livekit_internals/session/agent_state.ts';

/** What it works with. */
export interface AbsenceStatePort {
  readonly session: voice.AgentSession;
  readonly timeline: Pick<Timeline, 'state'>;
  /** Whether the speech of a turn still sets the agent's state. */
  readonly isLive: (turn: TurnId) => boolean;
}

/**
 * While nobody is there the agent does not speak. It has the state that LiveKit gives it while its output is paused, and
 * speaks again when somebody is back and the response goes on [AU11].
 */
export class AbsenceState {
  readonly #port: AbsenceStatePort;
  #hasFallenSilent = false;

  constructor(port: AbsenceStatePort) {
    this.#port = port;
  }

  follow(event: OncueEvent): void {
    if (event.type !== 'audibility_changed') return;
    const { session } = this.#port;
    if (event.audibility === 'nobody') {
      this.#hasFallenSilent = session.agentState === 'speaking' && this.#isPlaying;
      if (this.#hasFallenSilent) this.#set('listening');
    } else if (this.#hasFallenSilent) {
      this.#hasFallenSilent = false;
      if (session.agentState === 'listening' && this.#isPlaying) this.#set('speaking');
    }
  }

  /** A response was heard in part, and its speech goes on. */
  get #isPlaying(): boolean {
    const { timeline, isLive } = this.#port;
    const [id] = timeline.state.playout;
    const head = id === undefined ? undefined : responseOf(timeline.state, id);
    return head?.playback.status === 'playing' && !head.cut && isLive(head.turnId);
  }

  #set(state: voice.AgentState): void {
    const { session } = this.#port;
    if (canSetAgentState(session)) session._updateAgentState(state);
  }
}
