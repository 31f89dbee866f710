import { OutputClock, type PageInstant } from './output_clock.ts';
import { nowMs, type PageMs } from './page_clock.ts';
import { RenderLog, type Run } from './render_log.ts';
import {
  PLAYER_PROCESSOR,
  type PlayerProcessorOptions,
  type WorkletCommand,
} from './worklet/mailbox.ts';

/** The agent sends at most 5 s ahead of the reported playhead; a report may be late, and the rest is room. */
const CAPACITY_MS = 12_000;

/** Gathered after silence, so that a sender who trickles does not stutter. A first frame of LiveKit's is as long. */
const START_BUFFER_MS = 20;

/**
 * How wrong an instant may be that rests on `outputLatency` and `currentTime`, which move in steps of a device buffer: 8
 * to 21 ms were seen.
 */
const LATENCY_ONLY_BOUND_MS = 25;

/** A reading of `getOutputTimestamp` further than this from now is not one of a running output. */
const PLAUSIBLE_MS = 2000;

/** What a sink tells. */
export interface SinkEvents {
  /** The worklet answered a command; the log is up to date. */
  readonly answered: (command: WorkletCommand, newRuns: readonly Run[]) => void;
  /** The context's own state changed. */
  readonly changed: () => void;
  readonly failed: (error: Error) => void;
}

/** The page's side of the audio: a context, the worklet that plays in it, and the clock of its output. */
export class AudioSink {
  readonly context: AudioContext;
  readonly log: RenderLog = new RenderLog();
  readonly clock: OutputClock = new OutputClock();
  readonly #events: SinkEvents;
  readonly #asked: WorkletCommand[] = [];
  readonly #stopFollowing: () => void;
  #node: AudioWorkletNode | undefined;
  #lastReading = 0;

  /** @throws DOMException when the browser has no audio at this rate. */
  constructor(sampleRateHz: number, workletUrl: string, events: SinkEvents) {
    this.#events = events;
    this.context = new AudioContext({ sampleRate: sampleRateHz, latencyHint: 'interactive' });
    this.#stopFollowing = this.#followDevice();
    void this.#load(workletUrl);
  }

  get node(): AudioWorkletNode | undefined {
    return this.#node;
  }

  /** Asks the browser for sound. It grants it in a click, or later when the page is trusted. */
  resume(): void {
    // Stays pending while sound is not allowed, and fails once the context is closed: the state tells both.
    this.context.resume().catch(() => {});
  }

  /** Takes the samples: the array is the worklet's afterwards. */
  write(samples: Int16Array): void {
    this.#node?.port.postMessage(samples, [samples.buffer as ArrayBuffer]);
  }

  /** `answered` tells when it has taken effect. */
  ask(command: WorkletCommand): void {
    if (!this.#node) return;
    this.#asked.push(command);
    this.#node.port.postMessage(command);
  }

  /** Commands that the worklet has not answered: it answers within some 10 ms while the context runs. */
  get unansweredCount(): number {
    return this.#asked.length;
  }

  /** Reads what the browser says of its output. To be called often while something plays. */
  readOutput(): void {
    if (this.context.state !== 'running') return;
    const now = nowMs();
    const stamp = this.context.getOutputTimestamp?.();
    const { contextTime = 0, performanceTime = 0 } = stamp ?? {};
    if (contextTime > 0 && Math.abs(performanceTime - now) < PLAUSIBLE_MS) {
      // Some browsers repeat a reading until the device takes its next buffer.
      if (contextTime !== this.#lastReading)
        this.clock.add(contextTime * 1000, performanceTime as PageMs);
      this.#lastReading = contextTime;
      return;
    }
    const latencyMs = this.latencyMs;
    if (latencyMs === undefined || this.context.currentTime === 0) return;
    const soundsAtMs = (now + latencyMs) as PageMs;
    this.clock.add(this.context.currentTime * 1000, soundsAtMs, LATENCY_ONLY_BOUND_MS);
  }

  /** When a frame of the context's timeline sounds. */
  frameToPage(contextFrame: number): PageInstant | undefined {
    return this.clock.toPage((contextFrame * 1000) / this.context.sampleRate);
  }

  /** The frame that sounds at an instant. */
  frameAt(atMs: PageMs): number | undefined {
    const contextMs = this.clock.toContextMs(atMs);
    return contextMs === undefined ? undefined : (contextMs * this.context.sampleRate) / 1000;
  }

  get latencyMs(): number | undefined {
    const seconds = this.context.outputLatency || this.context.baseLatency;
    return seconds ? seconds * 1000 : undefined;
  }

  /** Lets go of the device. */
  close(): void {
    this.#stopFollowing();
    this.ask('dispose');
    this.#node?.disconnect();
    this.#node = undefined;
    if (this.context.state !== 'closed') this.context.close().catch(() => {});
  }

  async #load(workletUrl: string): Promise<void> {
    try {
      // Pages without https have no worklets at all.
      if (!this.context.audioWorklet)
        throw new TypeError('this page is not secure: serve it over https or from localhost');
      await this.context.audioWorklet.addModule(workletUrl);
      if (this.context.state === 'closed') return;
      this.#connect();
      this.#events.changed();
    } catch (error) {
      this.#events.failed(
        new Error(`the audio worklet ${workletUrl} could not be loaded`, { cause: error }),
      );
    }
  }

  #connect(): void {
    const { sampleRate } = this.context;
    const processorOptions: PlayerProcessorOptions = {
      capacitySamples: Math.round((CAPACITY_MS * sampleRate) / 1000),
      startSamples: Math.round((START_BUFFER_MS * sampleRate) / 1000),
    };
    const node = new AudioWorkletNode(this.context, PLAYER_PROCESSOR, {
      numberOfInputs: 0,
      outputChannelCount: [1],
      processorOptions,
    });
    node.port.onmessage = ({ data }) => {
      const newRuns = this.log.take(data as Float64Array);
      const command = this.#asked.shift();
      if (command) this.#events.answered(command, newRuns);
    };
    node.onprocessorerror = () =>
      this.#events.failed(new Error('the audio worklet failed; reload the page'));
    node.connect(this.context.destination);
    this.#node = node;
  }

  #followDevice(): () => void {
    const { context } = this;
    const changed = (): void => this.#events.changed();
    const forget = (): void => this.clock.reset();
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    context.addEventListener('statechange', changed);
    context.addEventListener('sinkchange', forget);
    devices?.addEventListener?.('devicechange', forget);
    return () => {
      context.removeEventListener('statechange', changed);
      context.removeEventListener('sinkchange', forget);
      devices?.removeEventListener?.('devicechange', forget);
    };
  }
}
