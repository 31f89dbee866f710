import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';

/** An output that plays when the test wants it, and records the calls of the pipeline. */
export class ProbeOutput extends voice.AudioOutput {
  readonly calls: string[] = [];
  readonly frames: AudioFrame[] = [];
  onCall: (call: string) => void = () => {};

  constructor(sampleRateHz?: number) {
    super(sampleRateHz, undefined, { pause: true });
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    this.frames.push(frame);
    this.#call('frame');
  }

  override flush(): void {
    super.flush();
    this.#call('flush');
  }

  override clearBuffer(): void {
    this.#call('clear');
  }

  /** Fulfilled at the next call of this kind. */
  async next(call: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.onCall = (made) => {
        if (made === call) resolve();
      };
    });
  }

  /** Plays every segment as soon as it is complete. */
  playAtOnce(): this {
    let segmentCount = 0;
    this.onCall = (call) => {
      if (call !== 'flush' || this.capturedPlayoutSegments === segmentCount) return;
      segmentCount = this.capturedPlayoutSegments;
      this.onPlaybackStarted(0);
      this.onPlaybackFinished({ playbackPosition: 1, interrupted: false });
    };
    return this;
  }

  #call(call: string): void {
    this.calls.push(call);
    this.onCall(call);
  }
}
