import type { voice } from '@livekit/agents';
import type { Clock, OncueEvent, Timeline, TurnId } from '@oncue/core';
import { responseOf } from '@oncue/core/internal';
import type { FailOpen } from '../../fail_open.ts';
import { setIsHeard } from '../../livekit_internals/session/agent_state.ts';

/** What it works with. */
export interface AbsenceStatePort {
  readonly session: voice.AgentSession;
  readonly timeline: Pick<Timeline, 'state'>;
  readonly clock: Clock;
  readonly failOpen: FailOpen;
  /** Whether the speech of a turn still sets the agent's state. */
  readonly isLive: (turn: TurnId) => boolean;
}

/** How often it is looked whether a listener whose report is due answers. */
const CHECK_MS = 100;

/**
 * While nobody is there the agent does not speak. The same holds when the sound should have ended, and the listener answers
 * no ping. The agent has the state that LiveKit gives it while its output is paused, and speaks again when somebody is back
 * and the response goes on [AU11].
 */
export class AbsenceState {
  readonly #port: AbsenceStatePort;
  #hasFallenSilent = false;
  #cancelCheck: (() => void) | undefined;

  constructor(port: AbsenceStatePort) {
    this.#port = port;
  }

  follow(event: OncueEvent): void {
    switch (event.type) {
      case 'audibility_changed':
        if (event.audibility === 'nobody') this.#fallSilent();
        else if (event.audibility !== 'silent') this.#goOn();
        return;
      case 'response_playback_started':
      case 'response_playback_progressed':
        this.#goOn();
        this.#checkLater();
        return;
      case 'response_playback_finished':
        this.#cancelCheck?.();
        return;
      default:
        return;
    }
  }

  #fallSilent(): void {
    if (this.#hasFallenSilent) return;
    this.#hasFallenSilent = this.#port.session.agentState === 'speaking' && this.#isPlaying;
    if (this.#hasFallenSilent) this.#setIsHeard(false);
  }

  #goOn(): void {
    if (!this.#hasFallenSilent) return;
    this.#hasFallenSilent = false;
    if (this.#port.session.agentState === 'listening' && this.#isPlaying) this.#setIsHeard(true);
  }

  /** When all that was sent should have sounded. A report moves that. */
  #checkLater(): void {
    const { timeline, clock } = this.#port;
    this.#cancelCheck?.();
    const leftMs = Math.max(0, timeline.state.bufferedUntilMs - clock.nowMs());
    this.#cancelCheck = clock.schedule(leftMs + CHECK_MS, () => this.#check());
  }

  #check(): void {
    const { timeline, clock } = this.#port;
    if (!this.#isPlaying) return;
    const isDue = timeline.state.bufferedUntilMs <= clock.nowMs();
    if (isDue && !timeline.state.answers) this.#fallSilent();
    else this.#checkLater();
  }

  /** A response was heard in part, and its speech goes on. */
  get #isPlaying(): boolean {
    const { timeline, isLive } = this.#port;
    const [id] = timeline.state.playout;
    const head = id === undefined ? undefined : responseOf(timeline.state, id);
    return head?.playback.status === 'playing' && !head.cut && isLive(head.turnId);
  }

  #setIsHeard(isHeard: boolean): void {
    const { session, failOpen } = this.#port;
    // Also called by a timer, where an error would end the process.
    failOpen.run('applying a state', () => setIsHeard(session, isHeard), undefined);
  }
}
