import {
  connectPlayer,
  type Microphone,
  MicrophoneError,
  openMicrophone,
  type Player,
  type PlayerState,
} from '@oncue/browser';
import type { Playhead } from '@oncue/core/wire';

/** What the page shows of its ears and mouth. */
export interface AudioStatus {
  readonly player: PlayerState;
  readonly mic: 'off' | 'opening' | 'on';
  /** What is wrong, for the user. */
  readonly problem: string | undefined;
}

/** Until a new run is there after the old one ended. */
const NEXT_RUN_MS = 150;

/** What the audio tells. */
export interface AudioPort {
  readonly changed: () => void;
  /** When the first sample of a response was rendered, on the machine's wall clock. */
  readonly truth: (responseId: string, soundedAtEpochMs: number) => void;
}

/** The page's sound: what the agent says, and what the user says. */
export class Audio {
  readonly #port: AudioPort;
  #player: Player | undefined;
  /** The user wants to hear: a run that ends takes its player with it, and the next gets a new one. */
  #wantsSound = false;
  #microphone: Microphone | undefined;
  #mic: AudioStatus['mic'] = 'off';
  #problem: string | undefined;
  #level = 0;

  constructor(port: AudioPort) {
    this.#port = port;
  }

  get status(): AudioStatus {
    return { player: this.#player?.state ?? 'idle', mic: this.#mic, problem: this.#problem };
  }

  /** Loudness of the microphone now, 0 to 1, for a meter. */
  get micLevel(): number {
    return this.#mic === 'on' ? this.#level : 0;
  }

  get player(): Player | undefined {
    return this.#player;
  }

  /** Begins to play. Call it in a click: browsers allow sound only then. */
  listen(): void {
    this.#wantsSound = true;
    try {
      this.#player ??= this.#connect();
      this.#player.start();
      this.#problem = undefined;
    } catch (error) {
      this.#problem = messageOf(error);
    }
    this.#port.changed();
  }

  /** Leaves: the agent then knows that nobody listens. */
  stopListening(): void {
    this.#wantsSound = false;
    this.#player?.close();
    this.#player = undefined;
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
      this.#microphone = await openMicrophone({
        url: '/mic',
        workletUrl: '/assets/microphone.worklet.js',
        onFrame: (samples) => this.#measure(samples),
        onEnded: () => this.#closeMic(),
      });
      this.#mic = 'on';
    } catch (error) {
      this.#mic = 'off';
      this.#problem =
        error instanceof MicrophoneError ? error.message : `no microphone: ${messageOf(error)}`;
    }
    this.#port.changed();
  }

  #closeMic(): void {
    this.#microphone?.close();
    this.#microphone = undefined;
    this.#mic = 'off';
    this.#level = 0;
    this.#port.changed();
  }

  #listenAgain(): void {
    if (this.#wantsSound && !this.#player) this.listen();
  }

  #connect(): Player {
    const player = connectPlayer({
      url: '/listen',
      workletUrl: '/assets/player.worklet.js',
      workerUrl: '/assets/player.worker.js',
      // Interrupting is what people try here, and the machine is their own.
      latencyHint: 0.005,
    });
    const told = new Set<string>();
    player.on('state', (state) => {
      if (state === 'closed' && player === this.#player) {
        this.#player = undefined;
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
      // The last report of a response knows best when it began: the output's clock was read more often by then.
      if (heardSamples === 0 || (told.has(responseId) && phase === 'playing')) return;
      if (!told.has(responseId) && wasHeardElsewhere(report, player.context?.sampleRate)) return;
      told.add(responseId);
      this.#port.truth(responseId, performance.timeOrigin + startedAtMs);
    });
    return player;
  }

  /** Follows a rise at once and a fall slowly, as meters do. */
  #measure(samples: Int16Array): void {
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    const rms = Math.sqrt(sum / Math.max(1, samples.length)) / 32_768;
    const decibels = 20 * Math.log10(Math.max(rms, 1e-5));
    const level = Math.min(1, Math.max(0, (decibels + 60) / 50));
    this.#level = Math.max(level, this.#level * 0.85);
  }
}

/** More was heard than can have sounded here: it began in another page, or before a reload. */
function wasHeardElsewhere(report: Playhead, sampleRateHz = 48_000): boolean {
  const soundedMs = report.positionAtMs - report.startedAtMs;
  return (report.heardSamples * 1000) / sampleRateHz > soundedMs + 100;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
