import {
  type AgentMessage,
  type Playhead,
  parseAgentMessage,
  parseAudioFrame,
} from '@oncue/core/wire';
import type { OutputReading } from '../shared/output_clock.ts';
import { type PageMs, pageClock } from '../shared/page_clock.ts';
import { AgentSocket, type SocketEnd } from './agent_socket.ts';
import { PlayerOutput } from './output/player_output.ts';
import type { PlayerProgress, ToPage, ToWorker } from './player_messages.ts';
import { nextTickMs, ReadingSchedule } from './player_rhythm.ts';
import { type PlayerState, type PlayerWish, playerStateOf } from './player_state.ts';
import { Presence } from './presence.ts';
import { MAX_WAITING_BYTES } from './tuning.ts';
import { Watchdog } from './watchdog.ts';

/**
 * The player without what only a page can do: the agent's socket, the port of the worklet, and the messages to both.
 *
 * Runs in a worker. A page that is busy or hidden would delay a `clear` and the report of a start by about 10 to 100 ms. The
 * page still reads the output's clock, which changes slowly.
 */
export class PlayerEngine {
  readonly #notify: (message: ToPage) => void;
  readonly #now: () => PageMs;
  readonly #socket: AgentSocket;
  readonly #presence: Presence;
  readonly #watchdog = new Watchdog();
  readonly #readings = new ReadingSchedule();
  #state: PlayerState = 'idle';
  #wish: PlayerWish = 'idle';
  /** Of the agent; `undefined` while there is no connection. */
  #sampleRateHz: number | undefined;
  #output: PlayerOutput | undefined;
  #outputRuns = false;
  #maySound: boolean | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #underrunCount = 0;
  #reconnectCount = 0;

  constructor(
    { url, pageOriginMs }: Extract<ToWorker, { type: 'connect' }>,
    notify: (message: ToPage) => void,
  ) {
    this.#notify = notify;
    this.#now = pageClock(pageOriginMs);
    this.#socket = new AgentSocket(url, {
      text: (text) => this.#takeText(text),
      bytes: (bytes) => this.#takeBytes(bytes),
      ended: (why) => this.#disconnected(why),
    });
    this.#presence = new Presence((text) => this.#socket.send(text));
    this.#notify({ type: 'ready' });
    this.#socket.connect();
  }

  /** Takes a message of the page. */
  take(message: Exclude<ToWorker, { type: 'connect' }>): void {
    if (this.#wish === 'closed') return;
    switch (message.type) {
      case 'start':
        this.#maySound = message.maySound;
        this.#start();
        break;
      case 'close':
        this.#wish = 'closed';
        this.#presence.bye();
        this.#letGo();
        break;
      case 'muted':
        this.#presence.setMuted(message.isMuted, message.sinceMs);
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
        this.#output?.clock.reset();
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
    this.#output = new PlayerOutput(port, sampleRateHz, this.#now, () => this.#answered());
    this.#tick();
  }

  #dropOutput(): void {
    this.#output?.close();
    this.#underrunCount += this.#output?.underrunCount ?? 0;
    this.#output = undefined;
  }

  #takeReading(reading: OutputReading | undefined): void {
    this.#readings.came();
    if (!reading || !this.#output) return;
    this.#output.clock.add(reading);
    this.#review();
  }

  #takeText(text: string): void {
    const receivedAtMs = this.#now();
    const parsed = parseAgentMessage(text);
    if (!parsed.ok) return;
    this.#watchdog.heardOfAgent(parsed.message.type === 'ping');
    this.#takeMessage(parsed.message, receivedAtMs);
    // Browsers may throttle timers, but not messages.
    this.#tick();
  }

  #takeMessage(message: AgentMessage, receivedAtMs: PageMs): void {
    switch (message.type) {
      case 'welcome':
        this.#sampleRateHz = message.sampleRateHz;
        this.#notify({ type: 'rate', sampleRateHz: message.sampleRateHz });
        this.#review();
        break;
      case 'announce':
        this.#output?.ledger.announce(message.responseId, message.heardBeforeSamples ?? 0);
        break;
      case 'end':
        this.#output?.ledger.end(message.responseId, message.totalSamples);
        break;
      case 'clear':
        this.#output?.clear();
        break;
      case 'pause':
      case 'resume':
        this.#output?.setPaused(message.type === 'pause');
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
    if (!frame || !this.#presence.isHere || !this.#output) return;
    const receipt = this.#output.ledger.receive(frame);
    if (receipt === 'play') this.#output.write(frame.samples);
    // A WebSocket loses nothing, so there is a bug. After reconnecting the agent sends again from the last report.
    else if (receipt === 'broken') this.#socket.restart();
    this.#schedule();
  }

  #answered(): void {
    const { log } = this.#output ?? {};
    if (!log) return;
    this.#watchdog.rendered(log.frames);
    if (this.#watchdog.overflowed(log.overflowSamples)) this.#socket.restart();
    this.#review();
    this.#report();
    this.#schedule();
  }

  /** Runs regularly: asks for readings, polls the worklet, reports, and checks the connection. */
  #tick(): void {
    if (this.#wish !== 'playing') return;
    this.#readOutput();
    this.#output?.poll();
    this.#report();
    this.#watchdog.tick(this.#now(), this.#outputRuns);
    if (this.#watchdog.agentIsSilent && this.#presence.isHere) this.#socket.restart();
    this.#review();
    this.#schedule();
  }

  #readOutput(): void {
    if (!this.#output) return;
    const { ledger, clock } = this.#output;
    if (!this.#readings.asks(this.#now(), !ledger.isIdle || !clock.isSet)) return;
    this.#notify({ type: 'read_output', progress: this.#progress(this.#output) });
  }

  #progress(output: PlayerOutput): PlayerProgress {
    return {
      position: output.position(),
      underrunCount: this.#underrunCount + output.underrunCount,
      bufferedSamples: output.log.bufferedSamples,
      frames: output.log.frames,
      errorBoundMs: output.clock.errorBoundMs,
      reconnectCount: this.#reconnectCount,
    };
  }

  #report(): void {
    if (!this.#output || !this.#presence.isHere) return;
    for (const report of this.#output.ledger.takeDue(this.#now())) this.#send(report);
  }

  #send(report: Playhead): void {
    if (report.phase === 'playing' && this.#socket.waitingBytes > MAX_WAITING_BYTES) return;
    this.#presence.say(report);
    this.#notify({ type: 'report', report });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#wish !== 'playing') return;
    const waitMs = nextTickMs(this.#output?.ledger, this.#now());
    this.#timer = setTimeout(() => this.#tick(), waitMs);
  }

  #review(): void {
    this.#apply(this.#stateNow());
  }

  #stateNow(): PlayerState {
    const { isRendering, hasRendered } = this.#watchdog;
    return playerStateOf({
      wish: this.#wish,
      hasOutput:
        this.#sampleRateHz !== undefined && this.#output?.sampleRateHz === this.#sampleRateHz,
      outputRuns: this.#outputRuns,
      isPlaying: isRendering && this.#output?.clock.isSet === true,
      hasRendered,
      maySound: this.#maySound,
      justStarted: this.#watchdog.justStarted(this.#now()),
    });
  }

  /** Notifies the page of its state, and the agent of whether this page listens. */
  #apply(state: PlayerState): void {
    if (state === 'listening' && !this.#presence.isHere) this.#presence.hello();
    if (state !== 'listening' && this.#presence.isHere) {
      this.#presence.bye();
      this.#forgetAudio();
    }
    if (state === this.#state) return;
    this.#state = state;
    this.#notify({ type: 'state', state });
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

  /** Drops what is in the buffer: the agent sends it again from the last report on. */
  #forgetAudio(): void {
    this.#output?.clear();
    this.#output?.ledger.reset();
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
