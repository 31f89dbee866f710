import {
  type AgentMessage,
  type Playhead,
  parseAgentMessage,
  parseAudioFrame,
} from '@oncue/core/wire';
import type { OutputReading } from '../shared/output_clock.ts';
import { OutputClock, type PageInstant } from '../shared/output_clock.ts';
import { type PageMs, pageClock } from '../shared/page_clock.ts';
import { AgentSocket, type SocketEnd } from './agent_socket.ts';
import type { PlayerState } from './player_api.ts';
import type { PlayerProgress, ToPage, ToWorker } from './player_messages.ts';
import { PlayoutLedger } from './playout_ledger.ts';
import { Presence } from './presence.ts';
import type { Run } from './render_log.ts';
import { Watchdog } from './watchdog.ts';
import type { WorkletCommand } from './worklet/player_commands.ts';
import { WorkletLink } from './worklet_link.ts';

/** While something plays. A device buffer is about as long, so asking more often would tell nothing new. */
const BUSY_TICK_MS = 10;

/** Until a response begins, since the agent is to know of it before it sounds. No timer is faster. */
const START_TICK_MS = 4;

const IDLE_TICK_MS = 50;

/** Between two readings of the output, which the page's main thread makes: while something plays, and else. */
const BUSY_READ_MS = 20;
const IDLE_READ_MS = 100;

/** A worklet that does not answer is not asked more often. */
const MAX_UNANSWERED = 3;

/** More than this waits to leave: the way is jammed, and a position told then is old when it arrives. */
const MAX_WAITING_BYTES = 65_536;

/**
 * The player, but for what only a page can do: the agent's socket, the worklet's port, and all that is told to either.
 *
 * Runs in a worker. A page that lays itself out, or is hidden, would hold up the word that silences it and the news of a
 * start by some 10 to 100 ms; what it still does here is to read its output's clock, which changes slowly.
 */
export class PlayerEngine {
  readonly #tell: (message: ToPage) => void;
  readonly #now: () => PageMs;
  readonly #socket: AgentSocket;
  readonly #presence: Presence;
  readonly #watchdog = new Watchdog();
  readonly #clock = new OutputClock();
  #state: PlayerState = 'idle';
  /** What was asked for, or what came of it for good. */
  #wish: 'idle' | 'playing' | 'replaced' | 'closed' = 'idle';
  #sampleRateHz: number | undefined;
  #worklet: WorkletLink | undefined;
  #outputRuns = false;
  #ledger: PlayoutLedger | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReading = false;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #isPaused = false;
  #pausedPosition = -1;
  #underrunCount = 0;
  #reconnectCount = 0;

  constructor(
    { url, pageOriginMs }: Extract<ToWorker, { type: 'connect' }>,
    tell: (message: ToPage) => void,
  ) {
    this.#tell = tell;
    this.#now = pageClock(pageOriginMs);
    this.#socket = new AgentSocket(url, {
      text: (text) => this.#takeText(text),
      bytes: (bytes) => this.#takeBytes(bytes),
      ended: (why) => this.#disconnected(why),
    });
    this.#presence = new Presence((text) => this.#socket.send(text));
    this.#tell({ type: 'ready' });
    this.#socket.connect();
  }

  /** Takes what the page says. */
  take(message: Exclude<ToWorker, { type: 'connect' }>): void {
    if (this.#wish === 'closed') return;
    switch (message.type) {
      case 'start':
        this.#start();
        break;
      case 'close':
        this.#wish = 'closed';
        this.#presence.bye();
        this.#letGo();
        break;
      case 'page_gone':
        this.#pageGone();
        break;
      case 'page_back':
        this.#reconnect();
        break;
      case 'output':
        this.#takeOutput(message);
        break;
      case 'output_failed':
        this.#dropOutput();
        if (this.#wish === 'playing') this.#wish = 'idle';
        this.#review();
        break;
      case 'output_runs':
        this.#outputRuns = message.isRunning;
        this.#review();
        break;
      case 'output_changed':
        this.#clock.reset();
        break;
      case 'reading':
        this.#takeReading(message.reading);
        break;
    }
  }

  #start(): void {
    this.#wish = 'playing';
    this.#watchdog.startedAt(this.#now());
    this.#reconnect();
    this.#review();
    this.#tick();
  }

  #takeOutput({ port, sampleRateHz }: Extract<ToWorker, { type: 'output' }>): void {
    this.#dropOutput();
    const worklet = new WorkletLink(port, sampleRateHz, (command, newRuns) =>
      this.#answered(command, newRuns),
    );
    this.#worklet = worklet;
    this.#ledger = new PlayoutLedger(worklet.log, (frame) => this.#frameToPage(frame));
    this.#tick();
  }

  #dropOutput(): void {
    this.#worklet?.close();
    this.#worklet = undefined;
    this.#ledger = undefined;
    this.#clock.reset();
    this.#isPaused = false;
  }

  #takeReading(reading: OutputReading | undefined): void {
    this.#isReading = false;
    if (!reading || !this.#worklet) return;
    this.#clock.add(reading.contextMs, reading.atMs, reading.extraBoundMs);
    this.#review();
  }

  /** When a frame of the context's timeline sounds. */
  #frameToPage(contextFrame: number): PageInstant | undefined {
    const { sampleRateHz = 1 } = this.#worklet ?? {};
    return this.#clock.toPage((contextFrame * 1000) / sampleRateHz);
  }

  #takeText(text: string): void {
    const receivedAtMs = this.#now();
    const parsed = parseAgentMessage(text);
    if (!parsed.ok) return;
    this.#watchdog.heardOfAgent(parsed.message.type === 'ping');
    this.#takeMessage(parsed.message, receivedAtMs);
    // Where timers are held back, messages come at once all the same.
    this.#tick();
  }

  #takeMessage(message: AgentMessage, receivedAtMs: PageMs): void {
    switch (message.type) {
      case 'welcome':
        this.#sampleRateHz = message.sampleRateHz;
        this.#tell({ type: 'rate', sampleRateHz: message.sampleRateHz });
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
        this.#isPaused = message.type === 'pause';
        this.#worklet?.ask(message.type);
        break;
      case 'ping': {
        const { pingId } = message;
        this.#presence.say({ type: 'pong', pingId, receivedAtMs, sentAtMs: this.#now() });
        break;
      }
    }
  }

  #takeBytes(bytes: Uint8Array): void {
    this.#watchdog.heardOfAgent(false);
    const frame = parseAudioFrame(bytes);
    if (!frame || !this.#presence.isHere || !this.#ledger) return;
    const receipt = this.#ledger.receive(frame);
    if (receipt === 'play') this.#worklet?.write(frame.samples);
    // A connection loses nothing, so one of us is wrong: the agent begins again where the last report says.
    else if (receipt === 'broken') this.#socket.restart();
    this.#schedule();
  }

  #clear(): void {
    this.#isPaused = false;
    this.#ledger?.beginClear();
    this.#worklet?.ask('clear');
  }

  #answered(command: WorkletCommand, newRuns: readonly Run[]): void {
    const { log } = this.#worklet ?? {};
    if (!log || !this.#ledger) return;
    for (const run of newRuns) {
      if (run.firstPosition !== this.#pausedPosition && this.#ledger.isUnderrun(run))
        this.#underrunCount += 1;
    }
    if (command === 'clear') this.#ledger.finishClear(this.#now());
    if (command === 'pause') this.#pausedPosition = log.renderedPosition;
    this.#watchdog.rendered(log.frames);
    if (this.#watchdog.overflowed(log.overflowSamples)) this.#socket.restart();
    this.#review();
    this.#report();
    this.#schedule();
  }

  /** What has to be done again and again: have the output read, ask the worklet, report, look after the connection. */
  #tick(): void {
    const worklet = this.#worklet;
    if (this.#wish !== 'playing') return;
    this.#readOutput();
    if (worklet && worklet.unansweredCount < MAX_UNANSWERED) worklet.ask('read');
    this.#report();
    this.#watchdog.tick(this.#now(), this.#outputRuns);
    if (this.#watchdog.agentIsSilent && this.#presence.isHere) this.#socket.restart();
    this.#review();
    this.#schedule();
  }

  /** A page that has no time is not asked again before it has answered. */
  #readOutput(): void {
    if (!this.#worklet || this.#isReading) return;
    const isBusy = this.#ledger?.isIdle === false || !this.#clock.isSet;
    const sinceMs = this.#now() - this.#readAtMs;
    if (sinceMs < (isBusy ? BUSY_READ_MS : IDLE_READ_MS)) return;
    this.#isReading = true;
    this.#readAtMs = this.#now();
    this.#tell({ type: 'read_output', progress: this.#progress(this.#worklet) });
  }

  #progress({ log, sampleRateHz }: WorkletLink): PlayerProgress {
    const atMs = this.#now();
    const contextMs = this.#clock.toContextMs(atMs);
    const position =
      contextMs === undefined
        ? undefined
        : this.#ledger?.positionAt((contextMs * sampleRateHz) / 1000, this.#isPaused);
    return {
      position: position && { ...position, atMs },
      underrunCount: this.#underrunCount,
      bufferedSamples: log.bufferedSamples,
      frames: log.frames,
      errorBoundMs: this.#clock.errorBoundMs,
      reconnectCount: this.#reconnectCount,
    };
  }

  #report(): void {
    if (!this.#ledger || !this.#presence.isHere) return;
    for (const report of this.#ledger.takeDue(this.#now())) this.#send(report);
  }

  #send(report: Playhead): void {
    if (report.phase === 'playing' && this.#socket.waitingBytes > MAX_WAITING_BYTES) return;
    this.#presence.say(report);
    this.#tell({ type: 'report', report });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#wish !== 'playing') return;
    const tickMs = this.#tickMs;
    const dueInMs = (this.#ledger?.nextDueAtMs ?? Number.POSITIVE_INFINITY) - this.#now();
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
    this.#tell({ type: 'state', state });
  }

  #stateNow(): PlayerState {
    if (this.#wish !== 'playing') return this.#wish;
    if (this.#sampleRateHz === undefined || this.#worklet?.sampleRateHz !== this.#sampleRateHz)
      return 'connecting';
    if (this.#outputRuns && this.#watchdog.isRendering && this.#clock.isSet) return 'listening';
    if (this.#watchdog.hasRendered) return 'away';
    const isWaiting = this.#outputRuns || this.#watchdog.justStarted(this.#now());
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

  #letGo(): void {
    clearTimeout(this.#timer);
    this.#socket.stop();
    this.#presence.forget();
    this.#dropOutput();
    this.#review();
  }
}
