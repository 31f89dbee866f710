import type { voice } from '@livekit/agents';
import type { AgentMs, Clock, Evidence, OncueEvent, Timeline, TurnId } from '@oncue/core';
import { expectedPlayout, type ResponseState, responseOf } from '@oncue/core/internal';
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
  /** When the agent fell silent; `undefined` if it did not, or speaks again. */
  #silentSinceMs: AgentMs | undefined;
  #cancelCheck: (() => void) | undefined;

  constructor(port: AbsenceStatePort) {
    this.#port = port;
  }

  /** While it is, no start that was heard long ago makes the agent speak. */
  get isSilent(): boolean {
    return this.#silentSinceMs !== undefined;
  }

  follow(event: OncueEvent): void {
    switch (event.type) {
      case 'audibility_changed':
        if (event.audibility === 'nobody') this.#fallSilent();
        else if (event.audibility !== 'silent') this.#goOn();
        this.#checkLater();
        return;
      case 'response_playback_started':
        this.#heard(event, event.startedAtMs);
        return;
      case 'response_playback_progressed':
        this.#heard(event, event.positionAtMs);
        return;
      case 'response_playback_finished':
        this.#checkLater();
        return;
      default:
        return;
    }
  }

  /** An estimate is made only while the listener answers, and late. */
  #heard({ evidence, atMs }: OncueEvent & { evidence: Evidence }, heardAtMs: AgentMs): void {
    const isOld = atMs - heardAtMs > RECENT_MS && heardAtMs < (this.#silentSinceMs ?? 0);
    if (evidence === 'estimate' || !isOld) this.#goOn();
    this.#checkLater();
  }

  #fallSilent(): void {
    if (this.isSilent || !this.#isSpeaking) return;
    if (this.#port.session.agentState !== 'speaking') return;
    this.#silentSinceMs = this.#port.clock.nowMs();
    this.#setIsHeard(false);
  }

  /** A response that has not begun lets the agent speak when it does. */
  #goOn(): void {
    if (!this.isSilent || (this.#isSpeaking && !this.#isPlaying)) return;
    this.#silentSinceMs = undefined;
    if (this.#port.session.agentState === 'listening' && this.#isPlaying) this.#setIsHeard(true);
  }

  /** When all that was sent should have sounded. A report moves that. */
  #checkLater(): void {
    const { timeline, clock } = this.#port;
    this.#cancelCheck?.();
    if (timeline.state.pausedAtMs !== undefined || !this.#isMoreToCome) return;
    const leftMs = Math.max(0, this.#dueAtMs - clock.nowMs());
    this.#cancelCheck = clock.schedule(leftMs + CHECK_MS, () => this.#check());
  }

  #check(): void {
    const { timeline, clock } = this.#port;
    if (!this.#isSpeaking) return;
    const isDue = this.#dueAtMs <= clock.nowMs();
    if (isDue && !timeline.state.answers) this.#fallSilent();
    else this.#checkLater();
  }

  /** When all has left, or, if the next has not begun, when it should have sounded. */
  get #dueAtMs(): number {
    const { state } = this.#port.timeline;
    if (this.#isPlaying) return state.bufferedUntilMs;
    return Math.max(state.bufferedUntilMs, expectedPlayout(state).at(-1)?.endMs ?? 0);
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

  /** A response of a speech that goes on has not ended. It may be sent only now, when the one before has. */
  get #isMoreToCome(): boolean {
    const { timeline, isLive } = this.#port;
    return timeline.state.turns.some(
      ({ id, items }) => isLive(id) && items.some(({ kind }) => kind === 'response'),
    );
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
