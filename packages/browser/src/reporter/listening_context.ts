import { AudioError } from '../shared/audio_error.ts';
import { resumeContext } from '../shared/autoplay.ts';
import { loadWorklet } from '../shared/load_worklet.ts';
import { OutputReader } from '../shared/output_reader.ts';
import { FRAME_RATE_HZ } from './frame_rate.ts';

/** DOM events of a click, a key press or a touch of the user. */
const GESTURES = ['pointerup', 'keydown', 'touchend'] as const;

/** Events of a context. */
export interface ContextEvents {
  /** The context runs, or no longer runs. */
  readonly changed: () => void;
  /** The output device has changed: earlier readings of its clock are void. */
  readonly deviceChanged: () => void;
  readonly failed: (error: AudioError) => void;
}

/** Setting the output device of a context is not in TypeScript's libraries, and not in every browser. */
interface ChoosesSink {
  readonly sinkId?: string;
  setSinkId?: (id: string) => Promise<void>;
}

/** The audio context in which the reporter listens: its own, or the application's. */
export class ListeningContext {
  readonly context: AudioContext;
  readonly output: OutputReader;
  readonly #isOwn: boolean;
  readonly #events: ContextEvents;
  #isLoaded = false;

  /**
   * @param signal Stops following the context's events.
   * @throws DOMException when the browser has no audio at 48 kHz.
   */
  constructor(
    given: AudioContext | undefined,
    workletUrl: string,
    events: ContextEvents,
    signal: AbortSignal,
  ) {
    this.#isOwn = given === undefined;
    this.#events = events;
    this.context =
      given ?? new AudioContext({ sampleRate: FRAME_RATE_HZ, latencyHint: 'interactive' });
    this.output = new OutputReader(this.context);
    this.#follow(signal);
    void this.#load(workletUrl);
  }

  /** Whether the worklet is loaded and the browser says that the context runs. */
  get runs(): boolean {
    return this.#isLoaded && this.context.state === 'running';
  }

  resume(): Promise<void> {
    return resumeContext(this.context, this.#events.failed);
  }

  /** Plays on another device, unless the context is the application's. */
  setSink(deviceId: string | undefined): void {
    const context = this.context as AudioContext & ChoosesSink;
    if (!this.#isOwn || !deviceId) return;
    const sinkId = deviceId === 'default' ? '' : deviceId;
    // Chromium sets up the device again even if it is the current one, and rejects if there is none.
    if (sinkId === (context.sinkId ?? '')) return;
    // Firefox has no `setSinkId` for contexts, only for elements.
    const isSet = context.setSinkId?.(sinkId) ?? Promise.reject();
    isSet.catch((cause: unknown) => {
      const message = `audio output ${deviceId} is not used: choose another, or playback: 'element'`;
      this.#events.failed(new AudioError('device_not_used', message, cause));
    });
  }

  /** Closes the context, unless it is the application's. */
  close(): void {
    // Rejects if it is closed already.
    if (this.#isOwn) this.context.close().catch(() => {});
  }

  async #load(workletUrl: string): Promise<void> {
    const error = await loadWorklet(this.context, workletUrl, 'reporter.worklet.js');
    if (error) {
      this.#events.failed(error);
      return;
    }
    this.#isLoaded = true;
    this.#events.changed();
  }

  #follow(signal: AbortSignal): void {
    const { context } = this;
    const deviceChanged = (): void => {
      this.output.deviceChanged();
      this.#events.deviceChanged();
    };
    // Browsers that have not heard this page before allow sound only after a gesture of the user.
    const gesture = (): void => void this.resume();
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    context.addEventListener('statechange', this.#events.changed, { signal });
    context.addEventListener('sinkchange', deviceChanged, { signal });
    devices?.addEventListener?.('devicechange', deviceChanged, { signal });
    for (const type of GESTURES) window.addEventListener(type, gesture, { capture: true, signal });
  }
}
