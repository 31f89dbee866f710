import {
  type AgentMessage,
  type Playhead,
  parseAgentMessage,
  parseAudioFrame,
} from '@oncue/core/wire';
import { AgentSocket, type SocketEnd } from './agent_socket.ts';
import { AudioSink } from './audio_sink.ts';
import { nowMs, type PageMs } from './page_clock.ts';
import { followPage } from './page_life.ts';
import type {
  Player,
  PlayerEvents,
  PlayerOptions,
  PlayerPosition,
  PlayerState,
  PlayerStats,
} from './player_api.ts';
import { EventList } from './player_events.ts';
import { PlayoutLedger } from './playout_ledger.ts';
import { Presence } from './presence.ts';
import type { Run } from './render_log.ts';
import { Watchdog } from './watchdog.ts';
import type { WorkletCommand } from './worklet/mailbox.ts';

/** While something plays. A device buffer is about as long, so asking more often would tell nothing new. */
const BUSY_TICK_MS = 10;

/** Until a response begins, since the agent is to know of it before it sounds. No timer of a page is faster. */
const START_TICK_MS = 4;

const IDLE_TICK_MS = 50;

/** A worklet that does not answer is not asked more often. */
const MAX_UNANSWERED = 3;

/** More than this waits to leave: the way is jammed, and a position told then is old when it arrives. */
const MAX_WAITING_BYTES = 65_536;

/** Connects to an agent. Sound comes once `start` was called. */
export function connectPlayer(options: PlayerOptions): Player {
  return new AgentPlayer(options);
}

class AgentPlayer implements Player {
  readonly #workletUrl: string;
  readonly #events = new EventList();
  readonly #socket: AgentSocket;
  readonly #presence: Presence;
  readonly #watchdog = new Watchdog();
  readonly #unfollowPage: () => void;
  #state: PlayerState = 'idle';
  /** What was asked for, or what came of it for good. */
  #wish: 'idle' | 'playing' | 'replaced' | 'closed' = 'idle';
  #sampleRateHz: number | undefined;
  #sink: AudioSink | undefined;
  #ledger: PlayoutLedger | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pausedPosition = -1;
  #underrunCount = 0;
  #reconnectCount = 0;

  constructor(options: PlayerOptions) {
    const { workletUrl = new URL('./player.worklet.js', import.meta.url) } = options;
    this.#workletUrl = String(workletUrl);
    const open = options.openSocket ?? ((url: string) => new WebSocket(url));
    this.#socket = new AgentSocket(options.url, open, {
      text: (text) => this.#takeText(text),
      bytes: (bytes) => this.#takeBytes(bytes),
      ended: (why) => this.#disconnected(why),
    });
    this.#presence = new Presence((text) => this.#socket.send(text));
    this.#unfollowPage = followPage({
      gone: () => this.#pageGone(),
      back: () => this.#reconnect(),
      shown: () => this.#sink?.resume(),
    });
    this.#socket.connect();
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
    if (this.#wish === 'closed') return;
    this.#wish = 'playing';
    this.#watchdog.startedAt(nowMs());
    this.#reconnect();
    this.#openSink();
    // In this very call, for browsers that allow sound only while a click is handled.
    this.#sink?.resume();
    this.#review();
    this.#tick();
  }

  close(): void {
    if (this.#wish === 'closed') return;
    this.#wish = 'closed';
    this.#presence.bye();
    this.#letGo();
  }

  on<T extends keyof PlayerEvents>(type: T, listener: PlayerEvents[T]): () => void {
    return this.#events.on(type, listener);
  }

  position(): PlayerPosition | undefined {
    const frame = this.#sink?.frameAt(nowMs());
    if (!this.#sink || frame === undefined) return undefined;
    const at = this.#ledger?.positionAt(frame);
    if (!at) return undefined;
    const { sampleRate } = this.#sink.context;
    return { ...at, heardMs: (at.heardSamples * 1000) / sampleRate, sampleRateHz: sampleRate };
  }

  stats(): PlayerStats {
    const sink = this.#sink;
    const rate = sink?.context.sampleRate ?? 1;
    return {
      underrunCount: this.#underrunCount,
      bufferedMs: ((sink?.log.bufferedSamples ?? 0) * 1000) / rate,
      outputLatencyMs: sink?.latencyMs,
      errorBoundMs: sink?.clock.errorBoundMs,
      quantumCount: (sink?.log.frames ?? 0) / 128,
      reconnectCount: this.#reconnectCount,
    };
  }

  #openSink(): void {
    if (this.#sampleRateHz === undefined || this.#wish !== 'playing') return;
    if (this.#sink?.context.sampleRate === this.#sampleRateHz) return;
    this.#sink?.close();
    try {
      const sink = new AudioSink(this.#sampleRateHz, this.#workletUrl, {
        answered: (command, newRuns) => this.#answered(command, newRuns),
        changed: () => this.#review(),
        failed: (error) => this.#failed(error),
      });
      this.#sink = sink;
      this.#ledger = new PlayoutLedger(sink.log, (frame) => sink.frameToPage(frame));
      sink.resume();
    } catch (error) {
      this.#failed(new Error('the browser gives no audio output', { cause: error }));
    }
  }

  #takeText(text: string): void {
    const receivedAtMs = nowMs();
    const parsed = parseAgentMessage(text);
    if (!parsed.ok) return;
    this.#watchdog.heardOfAgent(parsed.message.type === 'ping');
    this.#takeMessage(parsed.message, receivedAtMs);
    // A hidden page's timers run once a second, its messages come at once.
    this.#tick();
  }

  #takeMessage(message: AgentMessage, receivedAtMs: PageMs): void {
    switch (message.type) {
      case 'welcome':
        this.#sampleRateHz = message.sampleRateHz;
        this.#openSink();
        this.#review();
        break;
      case 'announce':
        this.#ledger?.announce(message.responseId, message.heardBeforeSamples ?? 0);
        break;
      case 'end':
        this.#ledger?.end(message.responseId, message.totalSamples);
        break;
      case 'clear':
        this.#clear();
        break;
      case 'pause':
      case 'resume':
        this.#sink?.ask(message.type);
        break;
      case 'ping': {
        const { pingId } = message;
        this.#presence.say({ type: 'pong', pingId, receivedAtMs, sentAtMs: nowMs() });
        break;
      }
    }
  }

  #takeBytes(bytes: Uint8Array): void {
    this.#watchdog.heardOfAgent(false);
    const frame = parseAudioFrame(bytes);
    if (!frame || !this.#presence.isHere || !this.#ledger) return;
    const receipt = this.#ledger.receive(frame);
    if (receipt === 'play') this.#sink?.write(frame.samples);
    // A connection loses nothing, so one of us is wrong: the agent begins again where the last report says.
    else if (receipt === 'broken') this.#socket.restart();
    this.#schedule();
  }

  #clear(): void {
    this.#ledger?.beginClear();
    this.#sink?.ask('clear');
  }

  #answered(command: WorkletCommand, newRuns: readonly Run[]): void {
    const { log } = this.#sink ?? {};
    if (!log || !this.#ledger) return;
    for (const run of newRuns) {
      if (run.firstPosition !== this.#pausedPosition && this.#ledger.isUnderrun(run))
        this.#underrunCount += 1;
    }
    if (command === 'clear') this.#ledger.finishClear(nowMs());
    if (command === 'pause') this.#pausedPosition = log.renderedPosition;
    this.#watchdog.rendered(log.frames);
    if (this.#watchdog.overflowed(log.overflowSamples)) this.#socket.restart();
    this.#review();
    this.#report();
    this.#schedule();
  }

  /** What has to be done again and again: read the output, ask the worklet, report, look after the connection. */
  #tick(): void {
    const sink = this.#sink;
    if (this.#wish !== 'playing') return;
    sink?.readOutput();
    if (sink && sink.unansweredCount < MAX_UNANSWERED) sink.ask('read');
    this.#report();
    this.#watchdog.tick(nowMs(), sink?.context.state === 'running');
    if (this.#watchdog.agentIsSilent && this.#presence.isHere) this.#socket.restart();
    this.#review();
    this.#schedule();
  }

  #report(): void {
    if (!this.#ledger || !this.#presence.isHere) return;
    for (const report of this.#ledger.takeDue(nowMs())) this.#send(report);
  }

  #send(report: Playhead): void {
    if (report.phase === 'playing' && this.#socket.waitingBytes > MAX_WAITING_BYTES) return;
    this.#presence.say(report);
    this.#events.emit('report', report);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#wish !== 'playing') return;
    const tickMs = this.#tickMs;
    const dueInMs = (this.#ledger?.nextDueAtMs ?? Number.POSITIVE_INFINITY) - nowMs();
    const waitMs = dueInMs > 0 ? Math.min(tickMs, dueInMs) : tickMs;
    this.#timer = setTimeout(() => this.#tick(), waitMs);
  }

  get #tickMs(): number {
    if (!this.#ledger || this.#ledger.isIdle) return IDLE_TICK_MS;
    return this.#ledger.awaitsStart ? START_TICK_MS : BUSY_TICK_MS;
  }

  /** Puts the state right, and with it whether the agent knows of a listener. */
  #review(): void {
    const state = this.#stateNow();
    if (state === 'listening' && !this.#presence.isHere) this.#presence.hello();
    if (state !== 'listening' && this.#presence.isHere) {
      this.#presence.bye();
      this.#forgetAudio();
    }
    if (state === this.#state) return;
    this.#state = state;
    this.#events.emit('state', state);
  }

  #stateNow(): PlayerState {
    if (this.#wish !== 'playing') return this.#wish;
    const sink = this.#sink;
    if (this.#sampleRateHz === undefined || !sink?.node) return 'connecting';
    if (sink.context.state === 'running' && this.#watchdog.isRendering && sink.clock.isSet)
      return 'listening';
    if (this.#watchdog.hasRendered) return 'away';
    const isWaiting = sink.context.state === 'running' || this.#watchdog.justStarted(nowMs());
    return isWaiting ? 'connecting' : 'blocked';
  }

  #disconnected(why: SocketEnd): void {
    this.#sampleRateHz = undefined;
    this.#presence.forget();
    this.#forgetAudio();
    if (why === 'lost') this.#reconnectCount += 1;
    if (why === 'replaced' && this.#wish === 'playing') this.#wish = 'replaced';
    if (why === 'session_over') {
      this.#wish = 'closed';
      this.#letGo();
    }
    this.#review();
  }

  /** What is in the buffer is not heard here: the agent plays it again where it was last reported. */
  #forgetAudio(): void {
    this.#clear();
    this.#ledger?.reset();
  }

  #pageGone(): void {
    this.#presence.bye();
    this.#socket.stop();
    this.#sampleRateHz = undefined;
    this.#forgetAudio();
    this.#review();
  }

  #reconnect(): void {
    if (this.#wish === 'idle' || this.#wish === 'playing') this.#socket.connect();
  }

  #failed(error: Error): void {
    this.#sink?.close();
    this.#sink = undefined;
    this.#ledger = undefined;
    if (this.#wish === 'playing') this.#wish = 'idle';
    this.#review();
    this.#events.emit('error', error);
  }

  #letGo(): void {
    clearTimeout(this.#timer);
    this.#unfollowPage();
    this.#socket.stop();
    this.#presence.forget();
    this.#sink?.close();
    this.#sink = undefined;
    this.#ledger = undefined;
    this.#review();
  }
}
