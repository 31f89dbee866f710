import { nowMs, type PageMs } from '../shared/page_clock.ts';
import type { OutputReading } from './frame_clock.ts';
import { FRAME_RATE_HZ } from './frame_rate.ts';

/**
 * How wrong an instant may be that rests on `outputLatency` and `currentTime`, which move in steps of a device buffer: 8
 * to 21 ms were seen.
 */
const LATENCY_ONLY_BOUND_MS = 25;

/** A reading of `getOutputTimestamp` further than this from now is not one of a running output. */
const PLAUSIBLE_MS = 2000;

/** What a click, a key or a touch of the user is told by. */
const GESTURES = ['pointerup', 'keydown', 'touchend'] as const;

/** What a context tells. */
export interface ContextEvents {
  /** It runs, or does not any more. */
  readonly changed: () => void;
  /** The device is another: what was read of its clock is void. */
  readonly deviceChanged: () => void;
  readonly failed: (error: Error) => void;
}

/** The audio context in which the reporter listens: its own, or the application's. */
export class ListeningContext {
  readonly context: AudioContext;
  readonly #isOwn: boolean;
  readonly #stopFollowing: () => void;
  #isLoaded = false;
  #hasRun = false;
  #lastReading = 0;

  /** @throws DOMException when the browser has no audio at 48 kHz. */
  constructor(given: AudioContext | undefined, workletUrl: string, events: ContextEvents) {
    this.#isOwn = given === undefined;
    this.context =
      given ?? new AudioContext({ sampleRate: FRAME_RATE_HZ, latencyHint: 'interactive' });
    this.#stopFollowing = this.#follow(events);
    void this.#load(workletUrl, events);
  }

  /** Listens, as far as the browser says. */
  get runs(): boolean {
    return this.#isLoaded && this.context.state === 'running';
  }

  /** Has run before: it is not the browser's policy that keeps it from running. */
  get hasRun(): boolean {
    return this.#hasRun;
  }

  async resume(): Promise<void> {
    // Stays pending while sound is not allowed, and fails once the context is closed: the state tells both.
    await this.context.resume().catch(() => {});
  }

  /** Plays on another device. */
  setSink(deviceId: string): void {
    if (!this.#isOwn) return;
    const context = this.context as AudioContext & {
      readonly sinkId?: string;
      setSinkId?: (id: string) => Promise<void>;
    };
    const sinkId = deviceId === 'default' ? '' : deviceId;
    // Chromium sets the device up anew even for the one it has, and fails where there is none.
    if (sinkId !== (context.sinkId ?? '')) context.setSinkId?.(sinkId).catch(() => {});
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
    const latencySeconds = this.context.outputLatency || this.context.baseLatency;
    if (!latencySeconds || this.context.currentTime === 0) return undefined;
    const atMs = (now + latencySeconds * 1000) as PageMs;
    const contextMs = this.context.currentTime * 1000;
    return { contextMs, atMs, extraBoundMs: LATENCY_ONLY_BOUND_MS };
  }

  /** Lets go of the device, if it was taken here. */
  close(): void {
    this.#stopFollowing();
    if (this.#isOwn && this.context.state !== 'closed') this.context.close().catch(() => {});
  }

  async #load(workletUrl: string, events: ContextEvents): Promise<void> {
    try {
      // Pages without https have no worklets at all.
      if (!this.context.audioWorklet)
        throw new TypeError('this page is not secure: serve it over https or from localhost');
      await this.context.audioWorklet.addModule(workletUrl);
      this.#isLoaded = true;
      events.changed();
    } catch (error) {
      events.failed(
        new Error(`the audio worklet ${workletUrl} could not be loaded`, { cause: error }),
      );
    }
  }

  #follow(events: ContextEvents): () => void {
    const { context } = this;
    const stateChanged = (): void => {
      this.#hasRun ||= context.state === 'running';
      events.changed();
    };
    // A page that has made sound is known to the browser; one that has not needs the user's hand on it.
    const gesture = (): void => {
      if (context.state !== 'running' && context.state !== 'closed') void this.resume();
    };
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    this.#hasRun = context.state === 'running';
    context.addEventListener('statechange', stateChanged);
    context.addEventListener('sinkchange', events.deviceChanged);
    devices?.addEventListener?.('devicechange', events.deviceChanged);
    for (const type of GESTURES) window.addEventListener(type, gesture, { capture: true });
    return () => {
      context.removeEventListener('statechange', stateChanged);
      context.removeEventListener('sinkchange', events.deviceChanged);
      devices?.removeEventListener?.('devicechange', events.deviceChanged);
      for (const type of GESTURES) window.removeEventListener(type, gesture, { capture: true });
    };
  }
}
