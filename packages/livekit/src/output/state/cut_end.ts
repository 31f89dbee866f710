import type { voice } from '@livekit/agents';
import { type AgentMs, type Clock, laterOf, type Timeline } from '@oncue/core';
import { responseOf } from '@oncue/core/internal';
import type { FailOpen } from '../../fail_open.ts';
import { chainFrom } from '../../livekit_internals/output/audio_chain.ts';
import { stopCaptions } from '../../livekit_internals/output/caption_start.ts';
import { setIsHeard } from '../../livekit_internals/session/agent_state.ts';
import { isSpeechLive, isStateOfPast } from '../../livekit_internals/session/running_activity.ts';

/** What it works with. */
export interface CutEndPort {
  readonly session: voice.AgentSession;
  readonly timeline: Pick<Timeline, 'state'>;
  readonly clock: Clock;
  readonly failOpen: FailOpen;
}

/**
 * After an interruption the sound stops, and the report of how much was heard comes later, or never if the network is gone.
 * The captions and the agent's state do not wait for it: they follow the sound, by the estimate [AU20].
 */
export class CutEnd {
  readonly #port: CutEndPort;
  #cancel: (() => void) | undefined;

  constructor(port: CutEndPort) {
    this.#port = port;
  }

  /** What plays was just cut. */
  cut(): void {
    const { timeline, clock } = this.#port;
    const stopsAtMs = stopsAt(timeline);
    this.#cancel?.();
    if (stopsAtMs === undefined) return;
    this.#cancel = clock.schedule(Math.max(0, stopsAtMs - clock.nowMs()), () => this.#stopped());
  }

  /** The sound is over, if the estimate is right. It may be late by its error bound. */
  #stopped(): void {
    const { session, timeline, clock, failOpen } = this.#port;
    const stop = (): void => stopCaptions(chainFrom(session.output.audio));
    if (stopsAt(timeline) !== undefined) failOpen.run('following captions', stop, undefined);
    const { errorBoundMs } = timeline.state.path;
    this.#cancel = clock.schedule(errorBoundMs, () => this.#isOver());
  }

  #isOver(): void {
    const { session, failOpen } = this.#port;
    if (!this.#isStateOfCut || this.#isSpeaking) return;
    failOpen.run('applying a state', () => setIsHeard(session, false), undefined);
  }

  /** LiveKit leaves `thinking` as it is if nothing of the speech was known to be heard. The next answer sets it too. */
  get #isStateOfCut(): boolean {
    const { session } = this.#port;
    if (session.agentState !== 'thinking') return session.agentState === 'speaking';
    return isStateOfPast(session);
  }

  /** Something else has begun since the cut. */
  get #isSpeaking(): boolean {
    const { session, timeline } = this.#port;
    const [id] = timeline.state.playout;
    const head = id === undefined ? undefined : responseOf(timeline.state, id);
    return (head && !head.cut) ?? isSpeechLive(session);
  }
}

/**
 * When the sound that was cut stops, of what was begun to be heard and has not ended. An output of LiveKit says itself how it
 * was cut, and LiveKit waits for that [AU17].
 */
function stopsAt({ state }: Pick<Timeline, 'state'>): AgentMs | undefined {
  if (state.unreported === 'not_known') return undefined;
  let stopsAtMs: AgentMs | undefined;
  for (const id of state.playout) {
    const { cut } = responseOf(state, id) ?? {};
    if (!cut) break;
    stopsAtMs = laterOf(cut.stoppedAtMs, stopsAtMs ?? cut.stoppedAtMs);
  }
  return stopsAtMs;
}
