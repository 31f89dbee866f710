import type { RemoteAudioTrack } from 'livekit-client';
import { AudioError } from '../shared/audio_error.ts';
import { ElementVolumes } from './element_volumes.ts';
import type { TapMode } from './tap_mode.ts';
import { GAIN_SECONDS, UNHEARD_GAIN } from './tuning.ts';
import { REPORTER_PROCESSOR, type ReporterCommand } from './worklet/reporter_commands.ts';

/** Events of a tap. */
export interface TapEvents {
  readonly mail: (mail: Float64Array) => void;
  /** `isAudible` may have changed. */
  readonly changed: () => void;
  readonly failed: (error: AudioError) => void;
}

/**
 * LiveKit's interface for nodes of the application. The method is marked experimental, and the field is private, so that
 * either may be missing in another version.
 */
interface Pluggable {
  readonly webAudioPluginNodes: readonly AudioNode[];
  setWebAudioPlugins(nodes: AudioNode[]): void;
}

/** Whether a node can be added to the graph of a track without dropping those of the application [RP17]. */
export function showsPlugins(track: object): boolean {
  const { webAudioPluginNodes, setWebAudioPlugins } = track as Partial<Pluggable>;
  return !!(webAudioPluginNodes && setWebAudioPlugins);
}

/** Connects one track to the worklet, and in mode `graph` plays it. */
export class TrackTap {
  readonly #track: RemoteAudioTrack;
  readonly #mode: TapMode;
  readonly #volumes: ElementVolumes;
  readonly #node: AudioWorkletNode;
  readonly #events: TapEvents;
  readonly #gain: GainNode;
  readonly #context: AudioContext;
  #source: MediaStreamAudioSourceNode | undefined;
  /** Plays the track muted: Chromium gives a graph no sound of a remote track that no element plays. */
  #feeder: HTMLAudioElement | undefined;
  #isPlaying = false;

  constructor(context: AudioContext, track: RemoteAudioTrack, mode: TapMode, events: TapEvents) {
    this.#context = context;
    this.#track = track;
    this.#mode = mode;
    this.#events = events;
    this.#node = new AudioWorkletNode(context, REPORTER_PROCESSOR, {
      channelCount: 1,
      channelCountMode: 'explicit',
      outputChannelCount: [1],
    });
    this.#node.port.onmessage = ({ data }) => events.mail(data as Float64Array);
    this.#node.addEventListener('processorerror', () =>
      events.failed(new AudioError('worklet_failed', 'the worklet failed; reload the page')),
    );
    this.#node.connect(context.destination);
    this.#gain = context.createGain();
    this.#volumes = new ElementVolumes(track, () => {
      this.#setGain();
      events.changed();
    });
    if (mode === 'plugin') {
      this.#gain.connect(this.#node);
      this.#pluggable.setWebAudioPlugins([...this.#pluggable.webAudioPluginNodes, this.#gain]);
    } else {
      this.#connect();
    }
  }

  /** Whether the application wants the track to be heard, by the volumes of its elements. */
  get isAudible(): boolean {
    // In mode `element` without an element, the application plays the track in a way of its own, as in other modes.
    const isOurs =
      this.#mode === 'graph' || (this.#mode === 'element' && this.#volumes.hasElements);
    return !isOurs || this.#volumes.volume > 0;
  }

  /**
   * Of the packet that the browser played last. `undefined` where it does not say that, or several sources: an agent that publishes
   * anew is another one.
   */
  get rtpTimestamp(): number | undefined {
    try {
      const [source, other] = this.#track.receiver?.getSynchronizationSources() ?? [];
      return other ? undefined : source?.rtpTimestamp;
    } catch {
      // Browsers throw for a connection that has ended.
      return undefined;
    }
  }

  /** @param isPlaying Whether the context runs. While it does, the graph plays and the elements are silent. */
  play(isPlaying: boolean): void {
    if (isPlaying === this.#isPlaying) return;
    this.#isPlaying = isPlaying;
    if (this.#mode !== 'graph') return;
    this.#volumes.hush(isPlaying);
    this.#setGain();
  }

  command(command: ReporterCommand): void {
    this.#node.port.postMessage(command);
  }

  close(): void {
    this.#volumes.close();
    this.command({ type: 'dispose' });
    this.#node.port.onmessage = null;
    for (const node of [this.#source, this.#gain, this.#node]) node?.disconnect();
    if (this.#mode === 'plugin') {
      const { webAudioPluginNodes: nodes } = this.#pluggable;
      this.#pluggable.setWebAudioPlugins(nodes.filter((node) => node !== this.#gain));
    }
    if (this.#feeder) this.#feeder.srcObject = null;
  }

  #connect(): void {
    const stream = new MediaStream([this.#track.mediaStreamTrack]);
    const feeder = new Audio();
    feeder.muted = true;
    feeder.srcObject = stream;
    this.#feeder = feeder;
    // `close` stops a feeder that has not started yet, which is no problem.
    feeder.play().catch((cause: unknown) => {
      if (!feeder.srcObject) return;
      const message = 'the browser does not play the track; reload the page';
      this.#events.failed(new AudioError('track_not_playing', message, cause));
    });
    this.#gain.gain.value = this.#mode === 'graph' ? 0 : UNHEARD_GAIN;
    const source = this.#context.createMediaStreamSource(stream);
    source.connect(this.#node);
    source.connect(this.#gain).connect(this.#context.destination);
    this.#source = source;
  }

  #setGain(): void {
    if (this.#mode !== 'graph') return;
    const volume = this.#isPlaying ? this.#volumes.volume : 0;
    this.#gain.gain.setTargetAtTime(volume, this.#context.currentTime, GAIN_SECONDS);
  }

  get #pluggable(): Pluggable {
    return this.#track as unknown as Pluggable;
  }
}
