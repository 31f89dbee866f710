import type { Playhead } from '@oncue/core/wire';
import type { RemoteAudioTrack } from 'livekit-client';
import { AudioError } from '../shared/audio_error.ts';
import type { OutputReading } from '../shared/output_clock.ts';
import { nowMs } from '../shared/page_clock.ts';
import { AgentTracker } from './agent_tracker.ts';
import { FrameClock } from './frame_clock.ts';
import type { HeardPosition } from './heard_position.ts';
import type { TapMode } from './tap_mode.ts';
import { showsPlugins, type TapEvents, TrackTap } from './track_tap.ts';

/** How a participant reaches its surroundings. */
export interface ParticipantPorts extends Omit<TapEvents, 'mail'> {
  /** Sends a message to the participant. */
  readonly send: (text: string, isReliable: boolean) => void;
  /** The worklet sent a mail. @returns A new reading of the output, if there is one. */
  readonly mailed: () => OutputReading | undefined;
  /** A report was sent. */
  readonly reported: (report: Playhead) => void;
  /** A response begins to sound. */
  readonly begun: (position: HeardPosition) => void;
}

/**
 * A remote participant with an audio track. It gets a `hello`, which only an agent with Oncue understands. Its track is
 * touched only once it is known to be an agent.
 */
export class HeardParticipant {
  readonly tracker: AgentTracker;
  readonly clock: FrameClock;
  /** It has sent a message of Oncue, or LiveKit marks it as an agent. */
  isAgent = false;
  readonly #context: AudioContext;
  readonly #ports: ParticipantPorts;
  /** Of those that may be the agent's voice, the one subscribed last is tapped. */
  #tracks: RemoteAudioTrack[] = [];
  #tap: TrackTap | undefined;
  /** LiveKit does not show the audio nodes of the application. The error comes once its track is tapped. */
  #isPlugLost = false;
  #isPlaying = false;

  constructor(context: AudioContext, mode: TapMode, ports: ParticipantPorts) {
    this.#context = context;
    this.#ports = ports;
    this.clock = new FrameClock(mode);
    this.tracker = new AgentTracker(this.clock, {
      ...ports,
      now: nowMs,
      toWorklet: (command) => this.#tap?.command(command),
    });
  }

  get hasTrack(): boolean {
    return this.#tracks.length > 0;
  }

  get isTapped(): boolean {
    return this.#tap !== undefined;
  }

  /** Whether its track, if it has one, sounds once the context runs. */
  get isAudible(): boolean {
    return this.#tap?.isAudible ?? true;
  }

  addTrack(track: RemoteAudioTrack): void {
    if (this.#tracks.includes(track)) return;
    this.#untap();
    this.#tracks.push(track);
    if (this.clock.mode !== 'plugin' || showsPlugins(track)) return;
    this.#isPlugLost = true;
    this.clock.mode = 'other';
  }

  removeTrack(track: RemoteAudioTrack): void {
    if (!this.#tracks.includes(track)) return;
    this.#untap();
    this.#tracks = this.#tracks.filter((one) => one !== track);
  }

  /** Taps the track, if this is an agent. The worklet must be loaded. */
  tap(): void {
    const track = this.#tracks.findLast(isVoice) ?? this.#tracks.at(-1);
    if (this.#tap || !this.isAgent || !track) return;
    this.#tap = new TrackTap(this.#context, track, this.clock.mode, {
      ...this.#ports,
      mail: (mail) => this.#takeMail(mail),
    });
    if (!this.#isPlugLost) return;
    this.#isPlugLost = false;
    const message = 'livekit-client hides the audio plugins of a track; use a tested version';
    this.#ports.failed(new AudioError('livekit_changed', message));
  }

  play(isPlaying: boolean): void {
    if (isPlaying && !this.#isPlaying) {
      // The context had stopped while the agent went on.
      this.tracker.restarted();
      this.clock.reset();
    }
    this.#isPlaying = isPlaying;
    this.#tap?.play(isPlaying);
  }

  /** Notifies the agent whether it is heard. @param isAble Whether this page can hear and report at all. */
  notify(isAble: boolean): void {
    const { mode } = this.clock;
    const isByGraph = mode === 'graph' || mode === 'plugin';
    const playedBy = isByGraph ? 'graph' : 'element';
    this.tracker.setPlayedBy(isAble && this.hasTrack ? playedBy : undefined, !this.isAudible);
  }

  close(): void {
    this.tracker.setPlayedBy(undefined);
    this.#untap();
  }

  #takeMail(mail: Float64Array): void {
    const reading = this.#ports.mailed();
    if (reading) this.clock.add(reading);
    this.tracker.takeMail(mail, this.#tap?.rtpTimestamp);
  }

  #untap(): void {
    if (!this.#tap) return;
    this.#tap.close();
    this.#tap = undefined;
    this.tracker.restarted();
  }
}

/** An agent may also publish background sound (LiveKit's `BackgroundAudioPlayer`); its voice is its microphone. */
function isVoice(track: RemoteAudioTrack): boolean {
  return track.source === 'microphone';
}
