import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import type { ResponseId } from '@oncue/core';
import type { WatchedDevice } from './watched_device.ts';

/**
 * The smallest possible output for a device, without Oncue. It passes samples on as they come. It reports the start at the
 * first of them, as LiveKit's own output does, and the end when the device reports it.
 */
export class PlainOutput extends voice.AudioOutput {
  readonly #device: WatchedDevice;
  #segmentCount = 0;
  #open: { readonly id: ResponseId; sentSamples: number } | undefined;

  constructor(device: WatchedDevice) {
    super(undefined, undefined, { pause: false });
    this.#device = device;
    device.open({
      message: (raw) => this.#take(JSON.parse(raw)),
      gone: () => {},
      audience: () => {},
      pathEstimated: () => {},
      queueMoved: () => {},
      neverLeft: () => {},
      untaken: () => {},
      others: () => {},
      refused: () => {},
    });
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    if (!this.#open) {
      this.#segmentCount += 1;
      this.#open = { id: `segment_${this.#segmentCount}` as ResponseId, sentSamples: 0 };
      this.onPlaybackStarted(Date.now());
    }
    this.#open.sentSamples += frame.data.length;
    this.#device.write(this.#open.id, frame.data);
  }

  override flush(): void {
    super.flush();
    if (!this.#open) return;
    const { id, sentSamples } = this.#open;
    this.#open = undefined;
    this.#device.send({ type: 'end', responseId: id, totalSamples: sentSamples });
  }

  override clearBuffer(): void {
    this.flush();
    this.#device.send({ type: 'clear' });
  }

  #take(message: { type: string; phase?: string; heardSamples?: number }): void {
    if (message.phase !== 'ended' && message.phase !== 'cut') return;
    this.onPlaybackFinished({
      playbackPosition: (message.heardSamples ?? 0) / this.#device.sampleRateHz,
      interrupted: message.phase === 'cut',
    });
  }
}
