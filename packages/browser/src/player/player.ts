import { nowMs } from '../shared/page_clock.ts';
import { followPage } from '../shared/page_life.ts';
import { AudioSink } from './audio_sink.ts';
import type {
  Player,
  PlayerEvents,
  PlayerOptions,
  PlayerPosition,
  PlayerState,
  PlayerStats,
} from './player_api.ts';
import { EventList } from './player_events.ts';
import type { PlayerProgress, ToPage, ToWorker } from './player_messages.ts';

/** Connects to an agent. Sound comes once `start` was called. */
export function connectPlayer(options: PlayerOptions): Player {
  return new AgentPlayer(options);
}

/** The page's end: what only a page can do. The rest is `PlayerEngine`, in a worker. */
class AgentPlayer implements Player {
  readonly #url: string;
  readonly #workletUrl: string;
  readonly #latencyHint: AudioContextLatencyCategory | number;
  readonly #workerUrl: string;
  readonly #events = new EventList();
  readonly #unfollowPage: () => void;
  #worker: Worker | undefined;
  #workerIsReady = false;
  #state: PlayerState = 'idle';
  #wantsSound = false;
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
    this.#unfollowPage = followPage({
      gone: () => this.#say({ type: 'page_gone' }),
      back: () => this.#say({ type: 'page_back' }),
      shown: () => this.#sink?.resume(),
    });
    this.#hireWorker();
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
    if (!this.#worker) this.#hireWorker();
    this.#say({ type: 'start' });
    this.#openSink();
    // In this very call, for browsers that allow sound only while a click is handled.
    this.#sink?.resume();
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#say({ type: 'close' });
    this.#letGo();
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

  #hireWorker(): void {
    this.#workerIsReady = false;
    try {
      const worker = new Worker(this.#workerUrl);
      worker.onmessage = ({ data }) => this.#take(data as ToPage);
      // One that threw later has its error in the console, as any uncaught one, and goes on.
      worker.onerror = (event) => this.#workerIsReady || this.#missWorker(event);
      this.#worker = worker;
      this.#say({ type: 'connect', url: this.#url, pageOriginMs: performance.timeOrigin });
    } catch (error) {
      // Nobody listens for errors yet.
      queueMicrotask(() => this.#missWorker(error));
    }
  }

  #missWorker(cause: unknown): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#failed(
      new Error(
        `the worker ${this.#workerUrl} could not be started: serve it from the page's own origin, and let the ` +
          "content policy allow it (worker-src 'self')",
        { cause },
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
          this.#letGo();
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
        this.#say({ type: 'reading', reading: this.#sink?.readOutput() });
        break;
    }
  }

  #openSink(): void {
    if (this.#sampleRateHz === undefined || !this.#wantsSound) return;
    if (this.#sink?.context.sampleRate === this.#sampleRateHz) return;
    this.#sink?.close();
    try {
      const wish = {
        sampleRateHz: this.#sampleRateHz,
        latencyHint: this.#latencyHint,
        workletUrl: this.#workletUrl,
      };
      const sink = new AudioSink(wish, {
        opened: (port) => {
          const { sampleRate } = sink.context;
          this.#say({ type: 'output', port, sampleRateHz: sampleRate }, [port]);
        },
        runs: (isRunning) => this.#say({ type: 'output_runs', isRunning }),
        changed: () => this.#say({ type: 'output_changed' }),
        failed: (error) => this.#failed(error),
      });
      this.#sink = sink;
      sink.resume();
    } catch (error) {
      this.#failed(new Error('the browser gives no audio output', { cause: error }));
    }
  }

  #setState(state: PlayerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#events.emit('state', state);
  }

  #failed(error: Error): void {
    if (this.#state === 'closed') return;
    this.#dropSink();
    this.#wantsSound = false;
    this.#say({ type: 'output_failed' });
    this.#setState('idle');
    this.#events.emit('error', error);
  }

  #letGo(): void {
    this.#unfollowPage();
    this.#wantsSound = false;
    this.#dropSink();
  }

  #dropSink(): void {
    this.#sink?.close();
    this.#sink = undefined;
    this.#progress = undefined;
  }
}
