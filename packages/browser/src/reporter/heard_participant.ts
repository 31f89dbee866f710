import type { Playhead } from '@oncue/core/wire';
import type { RemoteAudioTrack } from 'livekit-client';
import { nowMs } from '../shared/page_clock.ts';
import { AgentTracker } from './agent_tracker.ts';
import {
  FrameClock,
  type OutputReading,
  PLAYED_BY_ELEMENT,
  PLAYED_BY_GRAPH,
  PLAYED_BY_OTHER_GRAPH,
} from './frame_clock.ts';
import { type TapMode, TrackTap } from './track_tap.ts';

/** What a participant does to its surroundings. */
export interface ParticipantPorts {
  readonly send: (text: string, isReliable: boolean) => void;
  /** The worklet sent a mail. @returns What the browser says of its output now, if anything new. */
  readonly mailed: () => OutputReading | undefined;
  readonly reported: (report: Playhead) => void;
  readonly changed: () => void;
  readonly failed: (error: Error) => void;
}

const SHIFTS = {
  graph: PLAYED_BY_GRAPH,
  plugin: PLAYED_BY_GRAPH,
  element: PLAYED_BY_ELEMENT,
  other: PLAYED_BY_OTHER_GRAPH,
} as const;

/**
 * A remote participant with an audio track. It is told that somebody listens, which only an agent of Oncue understands;
 * its track is touched only once it is known to be one.
 */
export class HeardParticipant {
  readonly ear: AgentTracker;
  readonly clock: FrameClock = new FrameClock();
  /** Speaks Oncue, or is an agent by LiveKit's word and may. */
  isAgent = false;
  readonly #context: AudioContext;
  readonly #mode: TapMode;
  readonly #ports: ParticipantPorts;
  /** Of those that may be the agent's voice the one subscribed last is listened to. */
  #tracks: RemoteAudioTrack[] = [];
  #tap: TrackTap | undefined;
  #isPlaying = false;

  constructor(context: AudioContext, mode: TapMode, ports: ParticipantPorts) {
    this.#context = context;
    this.#mode = mode;
    this.#ports = ports;
    this.clock.shift = SHIFTS[mode];
    this.ear = new AgentTracker(this.clock, {
      now: nowMs,
      send: ports.send,
      reported: ports.reported,
      toWorklet: (command) => this.#tap?.command(command),
    });
  }

  get hasTrack(): boolean {
    return this.#tracks.length > 0;
  }

  get isTapped(): boolean {
    return this.#tap !== undefined;
  }

  /** Its track sounds, once the context runs. */
  get isAudible(): boolean {
    return this.hasTrack && (this.#tap?.isAudible ?? true);
  }

  addTrack(track: RemoteAudioTrack): void {
    if (this.#tracks.includes(track)) return;
    this.#untap();
    this.#tracks.push(track);
  }

  removeTrack(track: RemoteAudioTrack): void {
    if (!this.#tracks.includes(track)) return;
    this.#untap();
    this.#tracks = this.#tracks.filter((one) => one !== track);
  }

  /** Listens to the track of an agent. The worklet has to be loaded. */
  tap(): void {
    const track = this.#tracks.findLast(isVoice) ?? this.#tracks.at(-1);
    if (this.#tap || !this.isAgent || !track) return;
    this.#tap = new TrackTap(this.#context, track, this.#mode, {
      mail: (mail) => this.#takeMail(mail),
      changed: this.#ports.changed,
      failed: this.#ports.failed,
    });
  }

  play(isPlaying: boolean): void {
    if (isPlaying && !this.#isPlaying) {
      // It stood still, and the agent went on.
      this.ear.restarted();
      this.clock.reset();
    }
    this.#isPlaying = isPlaying;
    this.#tap?.play(isPlaying);
  }

  /** Tells the agent whether it is heard. */
  tell(isAble: boolean): void {
    const isByGraph = this.#mode === 'graph' || this.#mode === 'plugin';
    const playedBy = isByGraph ? 'graph' : 'element';
    this.ear.audible(isAble && this.isAudible ? playedBy : undefined);
  }

  close(): void {
    this.ear.audible(undefined);
    this.#untap();
  }

  #takeMail(mail: Float64Array): void {
    const reading = this.#ports.mailed();
    if (reading) this.clock.add(reading);
    this.ear.takeMail(mail);
  }

  #untap(): void {
    if (!this.#tap) return;
    this.#tap.close();
    this.#tap = undefined;
    this.ear.restarted();
  }
}

/** An agent may publish background sound besides (LiveKit's `BackgroundAudioPlayer`); its voice is its microphone. */
function isVoice(track: RemoteAudioTrack): boolean {
  return track.source === 'microphone';
}
