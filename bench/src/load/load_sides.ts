import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import type { ResponseId } from '@oncue/core';
import type { AgentMessage } from '@oncue/core/wire';
import type { ListenerDevice, ListenerEvents } from '@oncue/livekit';
import { LoadPlayout } from './load_playout.ts';
import { RATE_HZ } from './load_voice.ts';

/** Told when the listener hears the start of a response or its end: the instant at which it really was. */
export type OnHeard = (what: 'started' | 'ended', atMs: number) => void;

/** A page that reports as the reporter does: its packets are text, and it answers pings. */
export class LoadListener implements ListenerDevice {
  readonly sampleRateHz: number = RATE_HZ;
  readonly sameClock = false;
  readonly #playout: LoadPlayout;
  #events: ListenerEvents | undefined;
  #seq = 0;

  constructor(onHeard: OnHeard) {
    this.#playout = new LoadPlayout(true, (id, what, { startedAtMs, dueMs, samples }) => {
      if (what !== 'playing') onHeard(what, dueMs);
      const phase = what === 'ended' ? 'ended' : 'playing';
      this.#say(
        `"type":"playhead","responseId":"${id}","startedAtMs":${startedAtMs},"heardSamples":${samples},` +
          `"positionAtMs":${dueMs},"phase":"${phase}","evidence":"device","errorBoundMs":1`,
      );
    });
  }

  open(events: ListenerEvents): void {
    this.#events = events;
    this.#say('"type":"hello","evidence":"device"');
  }

  send(message: AgentMessage): void {
    if (message.type === 'end') this.#playout.end(message.responseId);
    if (message.type !== 'ping') return;
    const { pingId } = message;
    const atMs = performance.now();
    // Never in the call: the answer crosses a network.
    setImmediate(() =>
      this.#say(`"type":"pong","pingId":${pingId},"receivedAtMs":${atMs},"sentAtMs":${atMs}`),
    );
  }

  write(responseId: ResponseId, samples: Int16Array): undefined {
    this.#playout.write(responseId, samples.length);
  }

  close(): void {
    this.#playout.close();
    this.#events = undefined;
  }

  #say(fields: string): void {
    this.#seq += 1;
    this.#events?.message(`{"v":1,"epoch":"page","seq":${this.#seq},${fields}}`);
  }
}

/** The smallest possible output to the same listener, without Oncue: start and end, at the instant at which each is heard. */
export class LoadOutput extends voice.AudioOutput {
  readonly #playout: LoadPlayout;
  #segmentCount = 0;
  #isOpen = false;

  constructor(onHeard: OnHeard) {
    super(undefined, undefined, { pause: false });
    this.#playout = new LoadPlayout(false, (_, what, { dueMs, samples }) => {
      if (what === 'playing') return;
      onHeard(what, dueMs);
      if (what === 'started') this.onPlaybackStarted(Date.now());
      else this.onPlaybackFinished({ playbackPosition: samples / RATE_HZ, interrupted: false });
    });
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    if (!this.#isOpen) this.#segmentCount += 1;
    this.#isOpen = true;
    this.#playout.write(`segment_${this.#segmentCount}`, frame.samplesPerChannel);
  }

  override flush(): void {
    super.flush();
    if (this.#isOpen) this.#playout.end(`segment_${this.#segmentCount}`);
    this.#isOpen = false;
  }

  override clearBuffer(): void {
    this.flush();
  }

  close(): void {
    this.#playout.close();
  }
}
