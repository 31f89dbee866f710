import { AudioError } from '../shared/audio_error.ts';
import { maySound } from '../shared/autoplay.ts';
import { EventList } from '../shared/event_list.ts';
import { nowMs, type PageMs } from '../shared/page_clock.ts';
import { followPage } from '../shared/page_life.ts';
import { AudioSink } from './audio_sink.ts';
import type {
  Player,
  PlayerEvents,
  PlayerOptions,
  PlayerPosition,
  PlayerStats,
} from './player_api.ts';
import type { PlayerProgress, ToPage, ToWorker } from './player_messages.ts';
import type { PlayerState } from './player_state.ts';

/** Connects to an agent. The page plays its audio after `start`. */
export function connectPlayer(options: PlayerOptions): Player {
  return new AgentPlayer(options);
}

/** The page's part of the player: what only a page can do. The rest is `PlayerEngine`, which runs in a worker. */
class AgentPlayer implements Player {
  readonly #url: string;
  readonly #workletUrl: string;
  readonly #latencyHint: AudioContextLatencyCategory | number;
  readonly #workerUrl: string;
  readonly #events = new EventList<PlayerEvents>();
  readonly #following = new AbortController();
  #worker: Worker | undefined;
  #workerIsReady = false;
  #state: PlayerState = 'idle';
  #wantsSound = false;
  #isMuted = false;
  #sampleRateHz: number | undefined;
  #sink: AudioSink | undefined;
  #progress: PlayerProgress | undefined;

  constructor(options: PlayerOptions) {
    const {
      workletUrl = new URL('./player.worklet.js', import.meta.url),
      workerUrl = new URL('./player.worker.js', import.meta.url),
    } = options;
    this.#url = new URL(options.url, location.href).href;
    this.#workletUrl = String(workletUrl);
    this.#latencyHint = options.latencyHint ?? 'interactive';
    this.#workerUrl = String(workerUrl);
    const page = {
      gone: () => this.#say({ type: 'page_gone' }),
      back: () => this.#say({ type: 'page_back' }),
      shown: () => this.#sink?.resume(),
    };
    followPage(page, this.#following.signal);
    this.#startWorker();
  }

  get state(): PlayerState {
    return this.#state;
  }

  get context(): AudioContext | undefined {
    return this.#sink?.context;
  }

  get node(): AudioWorkletNode | undefined {
    return this.#sink?.node;
  }

  start(): void {
    if (this.#state === 'closed') return;
    this.#wantsSound = true;
    if (!this.#worker) this.#startWorker();
    this.#say({ type: 'start', maySound: maySound() });
    this.#openSink();
    // In the same call, because some browsers allow sound only while they handle a click.
    this.#sink?.resume();
  }

  setMuted(isMuted: boolean): void {
    if (this.#state === 'closed' || isMuted === this.#isMuted) return;
    this.#isMuted = isMuted;
    this.#sink?.setMuted(isMuted);
    // What was rendered before still sounds.
    const sinceMs = (nowMs() + (this.#sink?.latencyMs ?? 0)) as PageMs;
    this.#say({ type: 'muted', isMuted, sinceMs });
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#say({ type: 'close' });
    this.#release();
    this.#setState('closed');
  }

  on<T extends keyof PlayerEvents>(type: T, listener: PlayerEvents[T]): () => void {
    return this.#events.on(type, listener);
  }

  position(): PlayerPosition | undefined {
    const { position } = this.#progress ?? {};
    const { sampleRate } = this.#sink?.context ?? {};
    if (!position || !sampleRate) return undefined;
    const { responseId, heardSamples: knownSamples, atMs, untilSamples } = position;
    const movedSamples = ((nowMs() - atMs) * sampleRate) / 1000;
    const heardSamples = Math.max(
      knownSamples,
      Math.min(untilSamples, knownSamples + movedSamples),
    );
    const heardMs = (heardSamples * 1000) / sampleRate;
    return { responseId, heardSamples, heardMs, sampleRateHz: sampleRate };
  }

  stats(): PlayerStats {
    const { sampleRate = 1 } = this.#sink?.context ?? {};
    const progress = this.#progress;
    return {
      underrunCount: progress?.underrunCount ?? 0,
      bufferedMs: ((progress?.bufferedSamples ?? 0) * 1000) / sampleRate,
      outputLatencyMs: this.#sink?.latencyMs,
      errorBoundMs: progress?.errorBoundMs,
      quantumCount: (progress?.frames ?? 0) / 128,
      reconnectCount: progress?.reconnectCount ?? 0,
    };
  }

  #startWorker(): void {
    this.#workerIsReady = false;
    try {
      const worker = new Worker(this.#workerUrl);
      worker.onmessage = ({ data }) => this.#take(data as ToPage);
      // An error after it is ready shows in the console as uncaught, and the worker goes on.
      worker.onerror = (event) => this.#workerIsReady || this.#workerFailed(event);
      this.#worker = worker;
      this.#say({ type: 'connect', url: this.#url, pageOriginMs: performance.timeOrigin });
    } catch (error) {
      // The application has not added its listeners yet.
      queueMicrotask(() => this.#workerFailed(error));
    }
  }

  #workerFailed(cause: unknown): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#failed(
      new AudioError(
        'worker_not_started',
        `the worker ${this.#workerUrl} could not be started: serve it from the page's own origin, ` +
          "and let the content policy allow worker-src 'self'",
        cause,
      ),
    );
  }

  #say(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #take(message: ToPage): void {
    if (this.#state === 'closed') return;
    switch (message.type) {
      case 'ready':
        this.#workerIsReady = true;
        break;
      case 'state':
        if (message.state === 'closed') {
          this.#release();
          this.#worker?.terminate();
        }
        this.#setState(message.state);
        break;
      case 'rate':
        this.#sampleRateHz = message.sampleRateHz;
        this.#openSink();
        break;
      case 'report':
        this.#events.emit('report', message.report);
        break;
      case 'read_output':
        this.#progress = message.progress;
        this.#say({ type: 'reading', reading: this.#sink?.output.read() });
        break;
    }
  }

  #openSink(): void {
    if (this.#sampleRateHz === undefined || !this.#wantsSound) return;
    if (this.#sink?.context.sampleRate === this.#sampleRateHz) return;
    this.#sink?.close();
    try {
      const options = {
        sampleRateHz: this.#sampleRateHz,
        latencyHint: this.#latencyHint,
        workletUrl: this.#workletUrl,
      };
      const sink = new AudioSink(options, {
        opened: (port) => {
          const { sampleRate } = sink.context;
          this.#say({ type: 'output', port, sampleRateHz: sampleRate }, [port]);
        },
        runs: (isRunning) => this.#say({ type: 'output_runs', isRunning }),
        changed: () => this.#say({ type: 'output_changed' }),
        failed: (error) => this.#failed(error),
        notStarted: (error) => this.#events.emit('error', error),
      });
      this.#sink = sink;
      if (this.#isMuted) sink.setMuted(true);
      sink.resume();
    } catch (cause) {
      const message = `no audio output at ${this.#sampleRateHz} Hz; connect one`;
      this.#failed(new AudioError('no_output', message, cause));
    }
  }

  #setState(state: PlayerState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state === 'away') this.#sink?.restart();
    this.#events.emit('state', state);
  }

  #failed(error: AudioError): void {
    if (this.#state === 'closed') return;
    this.#dropSink();
    this.#wantsSound = false;
    this.#say({ type: 'output_failed' });
    this.#setState('idle');
    this.#events.emit('error', error);
  }

  #release(): void {
    this.#following.abort();
    this.#wantsSound = false;
    this.#dropSink();
  }

  #dropSink(): void {
    this.#sink?.close();
    this.#sink = undefined;
    this.#progress = undefined;
  }
}
