import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { BenchAgent } from '../shared/bench_agent.ts';
import type { ReplayTTS } from '../shared/replay_tts.ts';
import { newSession } from '../shared/session.ts';
import { Talk } from './talk.ts';

/** An output that takes audio as fast as it comes, and says that it was played after as long as it lasts. */
class TimerOutput extends voice.AudioOutput {
  #fromMs: number | undefined;
  #lengthMs = 0;
  #end: NodeJS.Timeout | undefined;

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    this.#fromMs ??= performance.now();
    this.#lengthMs += (frame.samplesPerChannel * 1000) / frame.sampleRate;
  }

  override flush(): void {
    super.flush();
    if (this.#fromMs === undefined) return;
    const leftMs = this.#fromMs + this.#lengthMs - performance.now();
    this.#end = setTimeout(() => this.#finish(false), Math.max(0, leftMs));
  }

  override clearBuffer(): void {
    this.#finish(true);
  }

  #finish(interrupted: boolean): void {
    clearTimeout(this.#end);
    if (this.#fromMs === undefined) return;
    const playedMs = Math.min(this.#lengthMs, performance.now() - this.#fromMs);
    this.#fromMs = undefined;
    this.#lengthMs = 0;
    this.onPlaybackFinished({ playbackPosition: playedMs / 1000, interrupted });
  }
}

/** Starts a session of LiveKit alone. */
export async function startPlainTalk(speaker: ReplayTTS, random: () => number): Promise<Talk> {
  const session = newSession(speaker);
  session.output.audio = new TimerOutput();
  const agent = new BenchAgent();
  await session.start({ agent });
  return new Talk({ session, agent, random, close: () => session.close() });
}
