import {
  connectPlayer,
  type Microphone,
  MicrophoneError,
  openMicrophone,
  type PlayerState,
} from '@oncue/browser';
import type { Playhead } from '@oncue/core/wire';
import type { RoomTicket } from '../../src/protocol/control_messages.ts';
import type { PagePlayer } from './page_player.ts';
import type * as RoomModule from './room_player.ts';

/** The state of playback and microphone. */
export interface AudioStatus {
  readonly player: PlayerState;
  /** `undefined` while nothing plays that could be muted. */
  readonly isMuted: boolean | undefined;
  readonly mic: 'off' | 'opening' | 'on';
  /** A problem, in words for the user. */
  readonly problem: string | undefined;
}

/** How long after the end of a run a new one usually exists. */
const NEXT_RUN_MS = 150;

/** The module that only a page in a room loads. A variable, because the bundler would include a literal. */
const ROOM_MODULE = '/assets/room.js';

/** How the audio reads and updates the page's state. */
export interface AudioPort {
  /** Whether the run is in a LiveKit room; `undefined` before the page knows of a run. */
  readonly isInRoom: () => boolean | undefined;
  /** Gets the address and token of the room. */
  readonly ticket: () => Promise<RoomTicket>;
  readonly changed: () => void;
  /** Called with the instant at which the first sample of a response was played, in ms since 1970. */
  readonly truth: (responseId: string, soundedAtEpochMs: number) => void;
}

/** Plays the agent, and sends the user's microphone. */
export class PageAudio {
  readonly #port: AudioPort;
  #player: PagePlayer | undefined;
  #room: RoomModule.RoomPlayer | undefined;
  #isLoading = false;
  /** The user wants to listen. A player ends with its run, and the next run gets a new one. */
  #wantsSound = false;
  #isMuted = false;
  #microphone: Microphone | undefined;
  #mic: AudioStatus['mic'] = 'off';
  #problem: string | undefined;
  #level = 0;

  constructor(port: AudioPort) {
    this.#port = port;
  }

  get status(): AudioStatus {
    const isMuted = this.#player ? this.#isMuted : undefined;
    const player = this.#player?.state ?? 'idle';
    return { player, isMuted, mic: this.#mic, problem: this.#problem };
  }

  /** The level of the microphone now, 0 to 1, for a meter. */
  get micLevel(): number {
    return this.#mic === 'on' ? this.#level : 0;
  }

  /** Starts to play. Call it in a click handler: browsers allow sound only then. */
  listen(): void {
    this.#wantsSound = true;
    this.#problem = undefined;
    const isInRoom = this.#port.isInRoom();
    // The click came before the first message; `runIsKnown` goes on.
    if (isInRoom === undefined) return;
    if (!this.#player && isInRoom) void this.#joinRoom();
    else this.#play(() => this.#connect());
    this.#port.changed();
  }

  /** Call it when the page knows where the run plays. */
  runIsKnown(): void {
    this.#listenAgain();
  }

  /** Stops playing; the agent then knows that nobody listens. */
  stopListening(): void {
    this.#wantsSound = false;
    this.#player?.close();
    this.#player = undefined;
    this.#room = undefined;
    this.#port.changed();
  }

  /** Mutes the agent in this page; it plays on, and knows that it is not heard. */
  toggleMuted(): void {
    this.#isMuted = !this.#isMuted;
    this.#player?.setMuted(this.#isMuted);
    this.#port.changed();
  }

  /** The user has read it. */
  forgetProblem(): void {
    this.#problem = undefined;
    this.#port.changed();
  }

  async toggleMic(): Promise<void> {
    if (this.#mic === 'opening') return;
    if (this.#mic === 'on') {
      this.#closeMic();
      return;
    }
    this.#mic = 'opening';
    this.#problem = undefined;
    this.#port.changed();
    try {
      await this.#openMic();
      this.#mic = 'on';
    } catch (error) {
      this.#mic = 'off';
      this.#problem = microphoneProblem(error);
    }
    this.#port.changed();
  }

  async #openMic(): Promise<void> {
    if (this.#room) {
      await this.#room.setMicrophone(true);
      return;
    }
    this.#microphone = await openMicrophone({
      url: '/mic',
      workletUrl: '/assets/microphone.worklet.js',
      onFrame: (samples) => this.#measure(samples),
      onEnded: () => this.#closeMic(),
    });
  }

  #closeMic(): void {
    this.#room?.setMicrophone(false).catch(() => {});
    this.#microphone?.close();
    this.#microphone = undefined;
    this.#mic = 'off';
    this.#level = 0;
    this.#port.changed();
  }

  #listenAgain(): void {
    if (this.#wantsSound && !this.#player) this.listen();
  }

  async #joinRoom(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      const { RoomPlayer } = (await import(ROOM_MODULE)) as typeof RoomModule;
      this.#play(() => {
        this.#room = new RoomPlayer(this.#port.ticket());
        return this.#followed(this.#room);
      });
    } catch (error) {
      this.#problem = messageOf(error);
    } finally {
      this.#isLoading = false;
    }
    this.#port.changed();
  }

  #play(make: () => PagePlayer): void {
    try {
      this.#player ??= make();
      this.#player.start();
    } catch (error) {
      this.#problem = messageOf(error);
    }
  }

  #connect(): PagePlayer {
    return this.#followed(
      connectPlayer({
        url: '/listen',
        workletUrl: '/assets/player.worklet.js',
        workerUrl: '/assets/player.worker.js',
        // Low latency, because people try interruptions here and the agent is on the same machine.
        latencyHint: 0.005,
      }),
    );
  }

  #followed(player: PagePlayer): PagePlayer {
    if (this.#isMuted) player.setMuted(true);
    const reported = new Set<string>();
    player.on('state', (state) => {
      if (state === 'closed' && player === this.#player) {
        this.#player = undefined;
        this.#room = undefined;
        if (this.#wantsSound) setTimeout(() => this.#listenAgain(), NEXT_RUN_MS);
      }
      this.#port.changed();
    });
    player.on('error', (error) => {
      this.#problem = error.message;
      this.#port.changed();
    });
    player.on('report', (report) => {
      const { responseId, startedAtMs, heardSamples, phase } = report;
      // The last report of a response has the most accurate start, because the output's clock was read more often by then.
      if (heardSamples === 0 || (reported.has(responseId) && phase === 'playing')) return;
      if (!reported.has(responseId) && wasHeardElsewhere(report, player.context?.sampleRate))
        return;
      reported.add(responseId);
      this.#port.truth(responseId, performance.timeOrigin + startedAtMs);
    });
    return player;
  }

  /** Updates the level: a rise at once, a fall slowly. */
  #measure(samples: Int16Array): void {
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    const rms = Math.sqrt(sum / Math.max(1, samples.length)) / 32_768;
    const decibels = 20 * Math.log10(Math.max(rms, 1e-5));
    const level = Math.min(1, Math.max(0, (decibels + 60) / 50));
    this.#level = Math.max(level, this.#level * 0.85);
  }
}

/** Whether more was heard than this page has played: the response began in another page, or before a reload. */
function wasHeardElsewhere(report: Playhead, sampleRateHz = 48_000): boolean {
  const soundedMs = report.positionAtMs - report.startedAtMs;
  return (report.heardSamples * 1000) / sampleRateHz > soundedMs + 100;
}

/** What happened, what to do, and that the user can go on. */
function microphoneProblem(error: unknown): string {
  const [first = '', ...rest] =
    error instanceof MicrophoneError
      ? error.message
      : `The microphone cannot be used: ${messageOf(error)}`;
  return `${first.toUpperCase()}${rest.join('')}. Typed questions work without it.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
