import type { voice } from '@livekit/agents';
import type { Clock, OncueEvent, Timeline, TurnId } from '@oncue/core';
import { type ResponseState, responseOf } from '@oncue/core/internal';
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

/** A report of what was heard longer ago than this does not say that anything is heard now: others come every 250 ms [RP20]. */
const RECENT_MS = 500;

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
        this.#heard(event.atMs - event.startedAtMs);
        return;
      case 'response_playback_progressed':
        this.#heard(event.atMs - event.positionAtMs);
        return;
      case 'response_playback_finished':
        this.#checkLater();
        return;
      case 'agent_state_applied':
        // Of a start that was heard long ago.
        if (this.#hasFallenSilent && event.state === 'speaking') this.#fallSilentAgain();
        return;
      default:
        return;
    }
  }

  #heard(agoMs: number): void {
    if (agoMs < RECENT_MS) this.#goOn();
    this.#checkLater();
  }

  #fallSilent(): void {
    if (this.#hasFallenSilent) return;
    this.#hasFallenSilent = this.#port.session.agentState === 'speaking' && this.#isSpeaking;
    if (this.#hasFallenSilent) this.#setIsHeard(false);
  }

  #fallSilentAgain(): void {
    this.#hasFallenSilent = false;
    this.#fallSilent();
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
    if (!this.#isSpeaking) return;
    const isDue = timeline.state.bufferedUntilMs <= clock.nowMs();
    if (isDue && !timeline.state.answers) this.#fallSilent();
    else this.#checkLater();
  }

  /** A response was heard in part, and its speech goes on. */
  get #isPlaying(): boolean {
    return this.#isSpeaking && this.#head?.playback.status === 'playing';
  }

  /** Audio of a speech that goes on was sent and has not ended. */
  get #isSpeaking(): boolean {
    const head = this.#head;
    return head !== undefined && !head.cut && this.#port.isLive(head.turnId);
  }

  get #head(): ResponseState | undefined {
    const { state } = this.#port.timeline;
    const [id] = state.playout;
    return id === undefined ? undefined : responseOf(state, id);
  }

  #setIsHeard(isHeard: boolean): void {
    const { session, failOpen } = this.#port;
    // Also called by a timer, where an error would end the process.
    failOpen.run('applying a state', () => setIsHeard(session, isHeard), undefined);
  }
}
