import { voice } from '@livekit/agents';
import { type AgentMs, type Clock, laterOf, type Timeline } from '@oncue/core';
import { responseOf } from '@oncue/core/internal';
import type { FailOpen } from '../../fail_open.ts';
import { endThinkingSound } from '../../livekit_internals/session/thinking_sound.ts';

/** What it works with. */
export interface ThinkingSoundEndPort {
  readonly session: voice.AgentSession;
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly failOpen: FailOpen;
}

/**
 * Ends LiveKit's thinking sound when the audio of a response leaves the agent [LK22]. LiveKit ends it when the state becomes
 * `speaking`. That is when the listener hears the response, and then the end of the sound would still be on its way to him.
 */
export class ThinkingSoundEnd {
  readonly #port: ThinkingSoundEndPort;
  #cancelTimer: (() => void) | undefined;

  constructor(port: ThinkingSoundEndPort) {
    this.#port = port;
    const { session, timeline } = port;
    timeline.onAny(() => this.reviewSoon());
    session.on(voice.AgentSessionEventTypes.AgentStateChanged, () => this.reviewSoon());
  }

  /** What is going on now comes first: audio that is sent, the player's own handler of a new state. */
  reviewSoon(): void {
    if (this.#port.session.agentState === 'thinking') this.#reviewIn(0);
  }

  #reviewIn(ms: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#port.clock.schedule(ms, () =>
      this.#port.failOpen.run('ending the thinking sound', () => this.#review(), undefined),
    );
  }

  #review(): void {
    const { session, timeline, clock } = this.#port;
    if (session.agentState !== 'thinking') return;
    const leavesAtMs = leavesAt(timeline);
    if (leavesAtMs === undefined) return;
    const waitMs = leavesAtMs - clock.nowMs();
    if (waitMs > 0) this.#reviewIn(waitMs);
    else endThinkingSound(session);
  }
}

/** When the response that is heard next leaves the agent. */
function leavesAt({ state }: Timeline): AgentMs | undefined {
  const [id] = state.playout;
  const head = id === undefined ? undefined : responseOf(state, id);
  if (!head?.audio || head.cut || state.pausedAtMs !== undefined) return undefined;
  if (head.playback.status !== 'unheard') return undefined;
  return laterOf(head.audio.modelStartMs, head.audio.sentFromMs);
}
