import { voice } from '@livekit/agents';

/** A time in which the sound played, on the run's clock, ms. */
export interface SoundTime {
  readonly fromMs: number;
  untilMs: number;
}

/**
 * LiveKit's own `BackgroundAudioPlayer` with a sound for the state `thinking`. It has a track of its own; that is left out,
 * and what it plays is noted.
 */
export class ThinkingSound {
  readonly times: SoundTime[] = [];
  readonly #nowMs: () => number;

  constructor(session: voice.AgentSession, nowMs: () => number) {
    this.#nowMs = nowMs;
    const player = new voice.BackgroundAudioPlayer({ thinkingSound: nothing() });
    const nowhere = {
      play: () => this.#play(),
      publishTrack: async () => {},
      runMixerTask: async () => {},
    };
    Object.assign(player, nowhere);
    void player.start({ room: {} as never, agentSession: session });
  }

  #play(): { done(): boolean; stop(): void } {
    const time = { fromMs: this.#nowMs(), untilMs: Number.POSITIVE_INFINITY };
    this.times.push(time);
    return {
      done: () => time.untilMs !== Number.POSITIVE_INFINITY,
      stop: () => {
        time.untilMs = Math.min(time.untilMs, this.#nowMs());
      },
    };
  }
}

async function* nothing(): AsyncGenerator<never> {}
