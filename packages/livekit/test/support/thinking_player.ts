import { voice } from '@livekit/agents';
import './session_harness.ts';

/** LiveKit's own background audio with a sound for `thinking`, without a room: what it would play is noted. */
export class ThinkingPlayer {
  /** Whether the sound plays, after each change. */
  readonly changes: boolean[] = [];

  static async start(session: voice.AgentSession): Promise<ThinkingPlayer> {
    const made = new ThinkingPlayer();
    const player = new voice.BackgroundAudioPlayer({ thinkingSound: nothing() });
    Object.assign(player, {
      play: () => made.#play(),
      publishTrack: async () => {},
      runMixerTask: async () => {},
    });
    await player.start({ room: {} as never, agentSession: session });
    return made;
  }

  get isPlaying(): boolean {
    return this.changes.at(-1) ?? false;
  }

  #play(): { done(): boolean; stop(): void } {
    let isDone = false;
    this.changes.push(true);
    return {
      done: () => isDone,
      stop: () => {
        if (!isDone) this.changes.push(false);
        isDone = true;
      },
    };
  }
}

async function* nothing(): AsyncGenerator<never> {}
