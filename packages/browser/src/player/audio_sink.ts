import { nowMs, type PageMs } from '../shared/page_clock.ts';
import {
  PLAYER_PROCESSOR,
  type PlayerProcessorOptions,
  type WorkletCommand,
} from '../shared/worklet/mailbox.ts';
import type { OutputReading } from './player_messages.ts';

/** The agent sends at most 5 s ahead of the reported playhead; a report may be late, and the rest is room. */
const CAPACITY_MS = 12_000;

/**
 * Gathered after silence, but not waited for longer than this. A first frame of LiveKit's lasts 20 ms and the next ones
 * follow it within one or two; an agent that is held up for a moment between them would be heard to stutter. Of 160
 * responses some five had silence put into them with 20 ms gathered.
 */
const START_BUFFER_MS = 60;
const START_WAIT_MS = 20;

/**
 * How wrong an instant may be that rests on `outputLatency` and `currentTime`, which move in steps of a device buffer: 8
 * to 21 ms were seen.
 */
const LATENCY_ONLY_BOUND_MS = 25;

/** A reading of `getOutputTimestamp` further than this from now is not one of a running output. */
const PLAUSIBLE_MS = 2000;

/** What a sink is to be. */
export interface SinkWish {
  readonly sampleRateHz: number;
  readonly latencyHint: AudioContextLatencyCategory | number;
  readonly workletUrl: string;
}

/** What a sink tells. */
export interface SinkEvents {
  /** The worklet is there, and this port leads to it. It may go to a worker. */
  readonly opened: (port: MessagePort) => void;
  /** Whether the context runs, by its own word: told at the beginning as well. */
  readonly runs: (isRunning: boolean) => void;
  /** The device is another: what was read of its clock is void. */
  readonly changed: () => void;
  readonly failed: (error: Error) => void;
}

/** The page's side of the audio: a context, the worklet that plays in it, and what the browser says of its output. */
export class AudioSink {
  readonly context: AudioContext;
  readonly #events: SinkEvents;
  readonly #stopFollowing: () => void;
  #node: AudioWorkletNode | undefined;
  #lastReading = 0;

  /** @throws DOMException when the browser has no audio at this rate. */
  constructor(wish: SinkWish, events: SinkEvents) {
    const { sampleRateHz, latencyHint } = wish;
    this.#events = events;
    this.context = new AudioContext({ sampleRate: sampleRateHz, latencyHint });
    this.#stopFollowing = this.#followDevice();
    void this.#load(wish.workletUrl);
  }

  get node(): AudioWorkletNode | undefined {
    return this.#node;
  }

  /** Asks the browser for sound. It grants it in a click, or later when the page is trusted. */
  resume(): void {
    // Stays pending while sound is not allowed, and fails once the context is closed: the state tells both.
    this.context.resume().catch(() => {});
  }

  /** Reads what the browser says of its output; `undefined` while it says nothing, or nothing new. */
  readOutput(): OutputReading | undefined {
    if (this.context.state !== 'running') return undefined;
    const now = nowMs();
    const stamp = this.context.getOutputTimestamp?.();
    const { contextTime = 0, performanceTime = 0 } = stamp ?? {};
    if (contextTime > 0 && Math.abs(performanceTime - now) < PLAUSIBLE_MS) {
      // Some browsers repeat a reading until the device takes its next buffer.
      if (contextTime === this.#lastReading) return undefined;
      this.#lastReading = contextTime;
      return { contextMs: contextTime * 1000, atMs: performanceTime as PageMs, extraBoundMs: 0 };
    }
    const latencyMs = this.latencyMs;
    if (latencyMs === undefined || this.context.currentTime === 0) return undefined;
    const atMs = (now + latencyMs) as PageMs;
    const contextMs = this.context.currentTime * 1000;
    return { contextMs, atMs, extraBoundMs: LATENCY_ONLY_BOUND_MS };
  }

  get latencyMs(): number | undefined {
    const seconds = this.context.outputLatency || this.context.baseLatency;
    return seconds ? seconds * 1000 : undefined;
  }

  /** Lets go of the device. */
  close(): void {
    this.#stopFollowing();
    const command: WorkletCommand = 'dispose';
    this.#node?.port.postMessage(command);
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
    } catch (error) {
      this.#events.failed(
        new Error(`the audio worklet ${workletUrl} could not be loaded`, { cause: error }),
      );
    }
  }

  #connect(): void {
    const { sampleRate, state } = this.context;
    const processorOptions: PlayerProcessorOptions = {
      capacitySamples: Math.round((CAPACITY_MS * sampleRate) / 1000),
      startSamples: Math.round((START_BUFFER_MS * sampleRate) / 1000),
      startWaitFrames: Math.round((START_WAIT_MS * sampleRate) / 1000),
    };
    const node = new AudioWorkletNode(this.context, PLAYER_PROCESSOR, {
      numberOfInputs: 0,
      outputChannelCount: [1],
      processorOptions,
    });
    node.onprocessorerror = () =>
      this.#events.failed(new Error('the audio worklet failed; reload the page'));
    node.connect(this.context.destination);
    this.#node = node;
    const { port1, port2 } = new MessageChannel();
    node.port.postMessage(port1, [port1]);
    this.#events.opened(port2);
    this.#events.runs(state === 'running');
  }

  #followDevice(): () => void {
    const { context } = this;
    const stateChanged = (): void => this.#events.runs(context.state === 'running');
    const { changed } = this.#events;
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    context.addEventListener('statechange', stateChanged);
    context.addEventListener('sinkchange', changed);
    devices?.addEventListener?.('devicechange', changed);
    return () => {
      context.removeEventListener('statechange', stateChanged);
      context.removeEventListener('sinkchange', changed);
      devices?.removeEventListener?.('devicechange', changed);
    };
  }
}
