import { AudioError } from '../shared/audio_error.ts';
import { resumeContext } from '../shared/autoplay.ts';
import { restartIfFrozen, resumeAfterInterruption } from '../shared/interruptions.ts';
import { loadWorklet } from '../shared/load_worklet.ts';
import { OutputReader } from '../shared/output_reader.ts';
import {
  PLAYER_PROCESSOR,
  type PlayerProcessorOptions,
  type WorkletCommand,
} from './worklet/player_commands.ts';

/** -100 dB, which nobody hears. A context that renders nothing but silence leaves the clock of its device. */
const MUTED_GAIN = 1e-5;

/** Time constant of muting: a jump would click. */
const MUTE_SECONDS = 0.003;

/** The agent sends at most 5 s ahead of the reported playhead. The rest is room for late reports. */
const CAPACITY_MS = 12_000;

/**
 * After silence the worklet gathers 60 ms before it plays, but waits at most 20 ms. LiveKit's first frame lasts 20 ms and the
 * next ones follow within 1 or 2 ms; an agent that is delayed for a moment between them would be heard to stutter. With
 * 20 ms gathered, about 5 of 160 responses had gaps.
 */
const START_BUFFER_MS = 60;
const START_WAIT_MS = 20;

/** Options of a sink. */
export interface SinkOptions {
  readonly sampleRateHz: number;
  readonly latencyHint: AudioContextLatencyCategory | number;
  readonly workletUrl: string;
}

/** Events of a sink. */
export interface SinkEvents {
  /** The worklet is loaded, and this port leads to it. It may be transferred to a worker. */
  readonly opened: (port: MessagePort) => void;
  /** Whether the context says that it runs. Also called at the beginning. */
  readonly runs: (isRunning: boolean) => void;
  /** The output device has changed: earlier readings of its clock are void. */
  readonly changed: () => void;
  readonly failed: (error: AudioError) => void;
  /** The context does not begin to run, though it may. It may do so later. */
  readonly notStarted: (error: AudioError) => void;
}

/** The page's part of the audio: a context, the worklet that plays in it, and the readings of its output. */
export class AudioSink {
  readonly context: AudioContext;
  readonly output: OutputReader;
  readonly #events: SinkEvents;
  readonly #following = new AbortController();
  /** Silent while muted. */
  readonly #volume: GainNode;
  #node: AudioWorkletNode | undefined;

  /** @throws DOMException when the browser has no audio at this rate. */
  constructor({ sampleRateHz, latencyHint, workletUrl }: SinkOptions, events: SinkEvents) {
    this.#events = events;
    this.context = new AudioContext({ sampleRate: sampleRateHz, latencyHint });
    this.output = new OutputReader(this.context);
    this.#volume = this.context.createGain();
    this.#volume.connect(this.context.destination);
    this.#followDevice();
    void this.#load(workletUrl);
  }

  get node(): AudioWorkletNode | undefined {
    return this.#node;
  }

  /**
   * From the worklet to the ear, in ms, as the browser reports it; `undefined` while it does not. Firefox, whose `baseLatency` is
   * 0, is not asked [BR21].
   */
  get latencyMs(): number | undefined {
    const { baseLatency } = this.context;
    const isFirefox = baseLatency === 0;
    const seconds =
      this.output.latency || (!isFirefox && this.context.outputLatency) || baseLatency;
    return seconds ? seconds * 1000 : undefined;
  }

  /** Asks the browser for sound. The browser allows it in a click, or at any time for a page that it trusts. */
  resume(): void {
    void resumeContext(this.context, this.#events.notStarted);
  }

  /** The player hears nothing of its worklet. If the device stands still, this may bring it back. */
  restart(): void {
    void restartIfFrozen(this.context);
  }

  setMuted(isMuted: boolean): void {
    const volume = isMuted ? MUTED_GAIN : 1;
    this.#volume.gain.setTargetAtTime(volume, this.context.currentTime, MUTE_SECONDS);
  }

  /** Closes the context. */
  close(): void {
    this.#following.abort();
    const command: WorkletCommand = 'dispose';
    this.#node?.port.postMessage(command);
    this.#node?.disconnect();
    this.#node = undefined;
    if (this.context.state !== 'closed') this.context.close().catch(() => {});
  }

  async #load(workletUrl: string): Promise<void> {
    const error = await loadWorklet(this.context, workletUrl, 'player.worklet.js');
    if (error) {
      this.#events.failed(error);
      return;
    }
    if (this.context.state === 'closed') return;
    try {
      this.#connect();
    } catch (cause) {
      const message = `the worklet ${workletUrl} holds no player; serve @oncue/browser/player.worklet.js there`;
      this.#events.failed(new AudioError('worklet_not_loaded', message, cause));
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
    node.addEventListener('processorerror', () =>
      this.#events.failed(new AudioError('worklet_failed', 'the worklet failed; reload the page')),
    );
    node.connect(this.#volume);
    this.#node = node;
    const { port1, port2 } = new MessageChannel();
    node.port.postMessage(port1, [port1]);
    this.#events.opened(port2);
    this.#events.runs(state === 'running');
  }

  #followDevice(): void {
    const { context } = this;
    const { runs } = this.#events;
    const changed = (): void => {
      this.output.deviceChanged();
      this.#events.changed();
    };
    const { signal } = this.#following;
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    context.addEventListener('statechange', () => runs(context.state === 'running'), { signal });
    context.addEventListener('sinkchange', changed, { signal });
    devices?.addEventListener?.('devicechange', changed, { signal });
    resumeAfterInterruption(context, () => this.resume(), signal);
  }
}
