import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';

/** A wrapper of an application, as for a volume or for mixing: what it passes on are frames of its own. */
export class CopyingOutput extends voice.AudioOutput {
  constructor(inner: voice.AudioOutput) {
    super(inner.sampleRate, inner, { pause: true });
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    const { sampleRate, channels, samplesPerChannel } = frame;
    const copy = new AudioFrame(
      Int16Array.from(frame.data),
      sampleRate,
      channels,
      samplesPerChannel,
    );
    await this.nextInChain?.captureFrame(copy);
  }

  override flush(): void {
    super.flush();
    this.nextInChain?.flush();
  }

  override clearBuffer(): void {
    this.nextInChain?.clearBuffer();
  }
}
