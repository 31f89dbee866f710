import { SPEECH_BAND_HZ, speechBandKernel } from '@oncue/core/wire';
import type { RemoteAudioTrack } from 'livekit-client';
import { ElementVolumes } from './element_volumes.ts';
import { FRAME_RATE_HZ } from './frame_rate.ts';
import { LISTENER_PROCESSOR, type ListenerCommand } from './worklet/reporter_mail.ts';

/** -100 dB: a context that renders nothing but silence leaves the clock of its device. */
const UNHEARD_GAIN = 1e-5;

/** How fast a volume is followed, as a time constant: too fast is a click. */
const GAIN_SECONDS = 0.01;

/**
 * By whom a track is played. `graph`: by the tap. `plugin`: by LiveKit's own graph of the room, in which the tap is.
 * `element`: by what the application attached. `other`: by a graph of LiveKit's that the tap cannot be in.
 */
export type TapMode = 'graph' | 'plugin' | 'element' | 'other';

/** What a tap tells. */
export interface TapEvents {
  readonly mail: (mail: Float64Array) => void;
  /** @see TrackTap.isAudible */
  readonly changed: () => void;
  readonly failed: (error: Error) => void;
}

/** LiveKit's seam for nodes of the application. It is marked experimental, so it may be gone. */
interface Pluggable {
  readonly webAudioPluginNodes?: readonly AudioNode[];
  setWebAudioPlugins?: (nodes: AudioNode[]) => void;
}

/** Lets the worklet listen to one track, and in mode `graph` plays it. */
export class TrackTap {
  readonly #track: RemoteAudioTrack;
  readonly #mode: TapMode;
  readonly #volumes: ElementVolumes;
  readonly #listener: AudioWorkletNode;
  readonly #gain: GainNode;
  readonly #context: AudioContext;
  #source: MediaStreamAudioSourceNode | undefined;
  #plug: GainNode | undefined;
  /** Chromium gives a graph no sound of a remote track that no element plays. */
  #feeder: HTMLAudioElement | undefined;
  #isPlaying = false;

  constructor(context: AudioContext, track: RemoteAudioTrack, mode: TapMode, events: TapEvents) {
    this.#context = context;
    this.#track = track;
    this.#mode = mode;
    this.#listener = new AudioWorkletNode(context, LISTENER_PROCESSOR, {
      channelCount: 1,
      channelCountMode: 'explicit',
      outputChannelCount: [1],
      processorOptions: {
        kernel: speechBandKernel(FRAME_RATE_HZ),
        framesPerBandSample: FRAME_RATE_HZ / SPEECH_BAND_HZ,
      },
    });
    this.#listener.port.onmessage = ({ data }) => events.mail(data as Float64Array);
    this.#listener.onprocessorerror = () =>
      events.failed(new Error('the audio worklet failed; reload the page'));
    this.#listener.connect(context.destination);
    this.#gain = context.createGain();
    this.#gain.gain.value = mode === 'graph' ? 0 : UNHEARD_GAIN;
    this.#volumes = new ElementVolumes(track, () => {
      this.#setGain();
      events.changed();
    });
    if (mode === 'plugin') this.#plugIn();
    else this.#connect();
  }

  /** The track is to be heard, as far as the application's elements tell. */
  get isAudible(): boolean {
    if (this.#mode === 'plugin' || this.#mode === 'other') return true;
    // Without an element, `element` means that the application plays it in some way of its own.
    if (this.#mode === 'element' && !this.#volumes.hasElements) return true;
    return this.#volumes.volume > 0;
  }

  /** The context runs: the graph plays, the elements do not. Or it stands still, and they do. */
  play(isPlaying: boolean): void {
    if (isPlaying === this.#isPlaying) return;
    this.#isPlaying = isPlaying;
    if (this.#mode !== 'graph') return;
    this.#volumes.hush(isPlaying);
    this.#setGain();
  }

  command(command: ListenerCommand): void {
    this.#listener.port.postMessage(command);
  }

  close(): void {
    this.play(false);
    this.#volumes.close();
    this.command({ type: 'dispose' });
    this.#listener.port.onmessage = null;
    this.#source?.disconnect();
    this.#gain.disconnect();
    this.#listener.disconnect();
    if (this.#plug) this.#plugOut(this.#plug);
    if (this.#feeder) this.#feeder.srcObject = null;
  }

  #connect(): void {
    const stream = new MediaStream([this.#track.mediaStreamTrack]);
    const feeder = new Audio();
    feeder.muted = true;
    feeder.srcObject = stream;
    feeder.play().catch(() => {});
    this.#feeder = feeder;
    const source = this.#context.createMediaStreamSource(stream);
    source.connect(this.#listener);
    source.connect(this.#gain).connect(this.#context.destination);
    this.#source = source;
  }

  #setGain(): void {
    if (this.#mode !== 'graph') return;
    const volume = this.#isPlaying ? this.#volumes.volume : 0;
    this.#gain.gain.setTargetAtTime(volume, this.#context.currentTime, GAIN_SECONDS);
  }

  #plugIn(): void {
    const plug = this.#context.createGain();
    plug.connect(this.#listener);
    this.#plug = plug;
    const track = this.#track as unknown as Pluggable;
    track.setWebAudioPlugins?.([...(track.webAudioPluginNodes ?? []), plug]);
  }

  #plugOut(plug: GainNode): void {
    plug.disconnect();
    const track = this.#track as unknown as Pluggable;
    track.setWebAudioPlugins?.((track.webAudioPluginNodes ?? []).filter((node) => node !== plug));
  }
}
