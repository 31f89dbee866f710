import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import type { Clock } from '@oncue/core';
import type { Ear } from './ear.ts';
import { type MadeWord, SAMPLE_RATE_HZ } from './words_tts.ts';

const BLOCK_MS = 10;
const BLOCK_SAMPLES = (BLOCK_MS * SAMPLE_RATE_HZ) / 1000;
/** From the agent to the worker, and back, ms each. */
const NETWORK_MS = 20;

/** What an avatar works with. */
export interface AvatarPort {
  readonly clock: Clock;
  readonly ear: Ear;
  /** From the worker's output to the ear, ms. */
  readonly pathMs: number;
  /** The words whose sound it gets; by them it tells `synchronized_transcript`. Left out: it tells none. */
  readonly made?: readonly MadeWord[];
}

/** One stream of audio at the worker. */
interface Stream {
  readonly samples: number[];
  readonly played: number[];
  isWhole: boolean;
}

/**
 * An avatar worker behind LiveKit's `DataStreamAudioOutput` (`voice/avatar/datastream_io.ts`, `waitPlaybackStart: true`): it
 * plays one stream after the other and reports the start and the end of each. At a clear it drops the stream it plays.
 */
export class AvatarOutput extends voice.AudioOutput {
  readonly #port: AvatarPort;
  readonly #streams: Stream[] = [];
  #open: Stream | undefined;
  #isTicking = false;
  #isDead = false;

  constructor(port: AvatarPort) {
    super(SAMPLE_RATE_HZ, undefined, { pause: false });
    this.#port = port;
  }

  /** Its worker takes audio as before, and neither plays nor reports any more. */
  die(): void {
    this.#isDead = true;
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    this.#open ??= { samples: [], played: [], isWhole: false };
    const stream = this.#open;
    const samples = Int16Array.from(frame.data);
    this.#later(() => {
      if (!this.#streams.includes(stream) && !stream.isWhole) this.#streams.push(stream);
      for (const sample of samples) stream.samples.push(sample);
      this.#tick();
    });
  }

  override flush(): void {
    super.flush();
    const stream = this.#open;
    this.#open = undefined;
    if (stream)
      this.#later(() => {
        stream.isWhole = true;
        this.#tick();
      });
  }

  override clearBuffer(): void {
    const open = this.#open;
    this.#open = undefined;
    this.#later(() => {
      const [stream] = this.#streams.splice(0, 1);
      if (open) open.isWhole = true;
      if (stream) {
        stream.isWhole = true;
        this.#finished(stream, true);
      }
    });
  }

  #tick(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    this.#port.clock.schedule(BLOCK_MS, () => {
      this.#isTicking = false;
      this.#playBlock();
    });
  }

  #playBlock(): void {
    const [stream] = this.#streams;
    if (!stream || this.#isDead) return;
    const block = stream.samples.splice(0, BLOCK_SAMPLES);
    if (block.length > 0) {
      if (stream.played.length === 0) this.#later(() => this.onPlaybackStarted(Date.now()));
      stream.played.push(...block);
      this.#port.ear.hear(Int16Array.from(block), this.#port.clock.nowMs() + this.#port.pathMs);
    }
    if (stream.isWhole && stream.samples.length === 0) {
      this.#streams.shift();
      this.#finished(stream, false);
    }
    const [next] = this.#streams;
    if (next && (next.samples.length > 0 || next.isWhole)) this.#tick();
  }

  #finished(stream: Stream, interrupted: boolean): void {
    const playbackPosition = stream.played.length / SAMPLE_RATE_HZ;
    const synchronizedTranscript = this.#transcriptOf(stream);
    this.#later(() =>
      this.onPlaybackFinished({
        playbackPosition,
        interrupted,
        ...(synchronizedTranscript === undefined ? {} : { synchronizedTranscript }),
      }),
    );
  }

  /** The words that it has played to their end. */
  #transcriptOf(stream: Stream): string | undefined {
    return this.#port.made
      ?.filter(
        ({ level, samples }) => stream.played.filter((one) => one === level).length >= samples,
      )
      .map(({ text }) => text)
      .join('');
  }

  #later(run: () => void): void {
    this.#port.clock.schedule(NETWORK_MS, () => {
      if (!this.#isDead) run();
    });
  }
}
