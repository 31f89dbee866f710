import {
  type CutBy,
  type OncueEvent,
  type PlayheadReport,
  Timeline,
  type TimelineInput,
} from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import type { Happening, History, TaskPlan } from '../history/history.ts';
import { Random } from '../history/random.ts';
import { CarrierTransport } from './carrier_transport.ts';
import { Hearing } from './hearing.ts';
import { Liar } from './liar.ts';
import { Link, SILENT_MS } from './link.ts';
import { Listener } from './listener.ts';
import { Speaker } from './speaker.ts';
import { RoomTransport, SocketTransport } from './transport.ts';
import { WayBack } from './way_back.ts';

/** A page that is reloaded closes its connection at about this time. */
const CLOSE_IS_SEEN_MS = 50;

export interface WorldPort {
  readonly history: History;
  /** Sees every step of the timeline. */
  readonly follow: (input: TimelineInput, events: readonly OncueEvent[]) => void;
  /** Sees every report on the agent's clock, before the timeline takes or refuses it. */
  readonly hear: (listener: Listener, report: PlayheadReport) => void;
}

/** Everything that takes part in a history, on one clock. */
export class World {
  readonly clock = new ManualClock();
  readonly timeline: Timeline;
  readonly listeners: readonly Listener[];
  readonly transport: SocketTransport | RoomTransport;
  /** Whose report the timeline is taking. */
  reporter: Listener | undefined;
  taskCalls = 0;
  readonly #history: History;
  readonly #random: Random;
  readonly #hearing: Hearing | undefined;
  readonly #link: Link;
  readonly #liar: Liar;
  readonly #ways: readonly WayBack[];
  readonly #speakers: Speaker[] = [];
  #isClosed = false;
  #agentStallsUntilMs = 0;

  constructor({ history, follow, hear }: WorldPort) {
    const { setup, seed } = history;
    this.#history = history;
    this.#random = new Random(seed ^ 0x5bd1e995);
    const { clock } = this;
    this.timeline = new Timeline({ clock, options: setup.options, record: follow });
    this.transport = this.#newTransport();
    this.#hearing =
      setup.hearing && new Hearing({ clock, timeline: this.timeline, setup: setup.hearing });
    this.#link = new Link({
      clock,
      timeline: this.timeline,
      transport: this.transport,
      gate: setup.gate,
      awayAfterMs: setup.awayAfterMs,
      hearing: this.#hearing,
      isCarrier: setup.carrier !== undefined,
      reporting: (listener, report) => {
        this.reporter = listener;
        hear(listener, report);
      },
      reported: () => {
        this.reporter = undefined;
      },
    });
    this.#ways = setup.listeners.map((_, index) => this.#wayOf(index));
    this.listeners = setup.listeners.map((_, index) => this.#listener(index));
    this.#liar = new Liar({
      clock,
      pieces: this.transport.pieces,
      take: (listener, message) => this.#take(listener, message),
    });
    this.timeline.onAny((event) => this.#follow(event));
    this.#begin();
  }

  #newTransport(): SocketTransport | RoomTransport {
    const { clock } = this;
    const { transport, carrier } = this.#history.setup;
    if (transport === 'room') return new RoomTransport(clock);
    if (!carrier) return new SocketTransport(clock);
    return new CarrierTransport(clock, {
      untaken: (id) => this.timeline.reportGivenUp(id),
      uncaptured: (responseId) => this.#link.neverSounded(responseId),
    });
  }

  #wayOf(index: number): WayBack {
    const { setup } = this.#history;
    return new WayBack({
      clock: this.clock,
      network: setup.network,
      random: this.#random,
      losesInPartition: setup.transport === 'room',
      arrive: (message) => {
        const listener = this.listeners[index];
        if (listener) this.#take(listener, message);
      },
    });
  }

  #listener(index: number): Listener {
    const setup = this.#history.setup.listeners[index];
    const wayBack = this.#ways[index];
    if (!setup || !wayBack) throw new RangeError(`no listener ${index}`);
    const name = `ear${index}`;
    const { carrier } = this.#history.setup;
    return new Listener({ name, setup, clock: this.clock, random: this.#random, wayBack, carrier });
  }

  #begin(): void {
    this.clock.schedule(0, () => this.#hearing?.begin());
    for (const listener of this.listeners)
      this.clock.schedule(listener.setup.joinsAtMs, () => this.#join(listener));
    for (const happening of this.#history.happenings)
      this.clock.schedule(happening.atMs, () => this.#happen(happening));
  }

  /** A page at a socket is played to when it has answered; in a room, and if it never answers, at once. */
  #join(listener: Listener): void {
    if (this.#isClosed) return;
    // A new page has a new connection; what is sent on the old one is lost.
    this.transport.left(listener);
    const hello = listener.join();
    if (hello) this.#link.take(listener, hello);
    if (hello || !listener.setup.reports || this.#isRoom) this.transport.joined(listener);
  }

  get #isRoom(): boolean {
    return this.kind === 'room';
  }

  #take(listener: Listener, message: object): void {
    const waitMs = this.#agentStallsUntilMs - this.clock.nowMs();
    if (waitMs > 0) this.clock.schedule(waitMs, () => this.#take(listener, message));
    else if (!this.#isClosed) this.#link.take(listener, message);
  }

  #happen(happening: Happening): void {
    if (this.#isClosed) return;
    switch (happening.do) {
      case 'turn':
        this.#openTurn(happening);
        return;
      case 'cut':
        this.#cut(happening.by);
        return;
      case 'pause':
        this.#link.hold('pipeline');
        this.clock.schedule(happening.forMs, () => this.#link.release('pipeline'));
        return;
      case 'close':
        this.#close(happening.deadlineMs);
        return;
      case 'queue_slips':
        this.#slip(happening.byMs);
        return;
      case 'agent_stalls':
        this.#agentStallsUntilMs = this.clock.nowMs() + happening.forMs;
        return;
      case 'path_told':
        this.timeline.pathEstimated(happening.delayMs, happening.errorBoundMs);
        return;
      case 'carrier_dies':
        for (const listener of this.listeners) listener.vanish();
        return;
      case 'carrier_refuses':
        this.#refuse(happening.forMs);
        return;
      case 'unreported':
        this.timeline.listenerChanged(this.timeline.state.listening, happening.unreported);
        return;
      case 'given_up':
        this.#giveUp(happening.back);
        return;
      default:
        this.#happenTo(happening);
    }
  }

  #refuse(forMs: number): void {
    const { transport } = this;
    if (!(transport instanceof CarrierTransport)) return;
    transport.refusesUntilMs = this.clock.nowMs() + forMs;
  }

  #giveUp(back: number): void {
    const id = [...this.transport.pieces.keys()].at(-1 - back);
    if (id !== undefined) this.timeline.reportGivenUp(id);
  }

  #happenTo(happening: Extract<Happening, { listener: number }>): void {
    const listener = this.listeners[happening.listener];
    const wayBack = this.#ways[happening.listener];
    if (!listener || !wayBack) return;
    const after = (ms: number, run: () => void): void => void this.clock.schedule(ms, run);
    switch (happening.do) {
      case 'reload':
      case 'leave':
        this.#goAway(listener, happening.do, happening.forMs);
        return;
      case 'sleep':
        listener.sleep();
        after(happening.forMs, () => listener.wake());
        this.#goneAfterSilence(listener, happening.forMs);
        return;
      case 'stall':
        listener.stall(true);
        after(happening.forMs, () => listener.stall(false));
        return;
      case 'mute':
        listener.mute(true);
        after(happening.forMs, () => listener.mute(false));
        return;
      case 'falls_behind':
        listener.standStill();
        after(happening.forMs, () => listener.catchUp(happening.rate, happening.forMs));
        return;
      case 'partition':
        wayBack.brokenUntilMs = Math.max(
          wayBack.brokenUntilMs,
          this.clock.nowMs() + happening.forMs,
        );
        this.#goneAfterSilence(listener, happening.forMs);
        return;
      case 'latency':
        listener.pathMs = Math.max(0, listener.pathMs + happening.byMs);
        return;
      case 'clock_jump':
        listener.jumpClock(happening.byMs);
        return;
      case 'lie':
        this.#liar.say(listener, happening.lie);
        return;
    }
  }

  #goAway(listener: Listener, how: 'reload' | 'leave', forMs: number): void {
    const { visit } = listener;
    if (how === 'leave') listener.leave();
    else listener.vanish();
    this.transport.left(listener);
    this.clock.schedule(CLOSE_IS_SEEN_MS, () => {
      if (listener.visit === visit) this.#link.gone(listener);
    });
    this.clock.schedule(forMs, () => {
      if (listener.presence === 'absent') this.#join(listener);
    });
  }

  /** One that does not answer for long is given up, and comes back as a new one. */
  #goneAfterSilence(listener: Listener, forMs: number): void {
    const { carrier } = this.#history.setup;
    if (forMs <= SILENT_MS || !listener.setup.reports || carrier) return;
    const { visit } = listener;
    this.clock.schedule(SILENT_MS, () => {
      if (listener.visit === visit) this.#link.gone(listener);
    });
    this.clock.schedule(forMs, () => {
      if (listener.visit === visit && listener.presence !== 'absent') this.#join(listener);
    });
  }

  #openTurn({ turn }: Extract<Happening, { do: 'turn' }>): void {
    const speaker = new Speaker(turn, {
      clock: this.clock,
      timeline: this.timeline,
      transport: this.transport,
      runTask: (plan) => this.#runTask(plan),
      over: () => this.#giveFloor(),
    });
    this.#speakers.push(speaker);
    speaker.begin();
    this.#giveFloor();
  }

  #giveFloor(): void {
    const waiting = this.#speakers.filter(({ isOver }) => !isOver);
    for (const [place, speaker] of waiting.entries())
      if (place === 0 || speaker.plan.floor === 'at_once') speaker.goLive();
  }

  #cut(by: CutBy): void {
    this.timeline.cut(by, this.#isRoom ? 'queue' : 'ear');
    this.transport.clear();
    this.#link.afterCut();
    for (const speaker of [...this.#speakers]) if (speaker.isLive) speaker.interrupt(by);
  }

  #slip(byMs: number): void {
    if (!(this.transport instanceof RoomTransport)) return;
    const fromMs = this.transport.slip(byMs);
    if (fromMs !== undefined) this.timeline.queueMoved(fromMs as never, byMs);
  }

  #close(deadlineMs: number): void {
    void this.timeline.close(deadlineMs);
    this.#isClosed = true;
    this.transport.clear();
    this.#link.close();
    for (const listener of this.listeners) listener.vanish();
    for (const speaker of this.#speakers) speaker.interrupt(undefined);
  }

  get kind(): 'socket' | 'room' {
    return this.#history.setup.transport;
  }

  /** Nothing is being said or heard. */
  get isQuiet(): boolean {
    const { turns, playout, runningTasks } = this.timeline.state;
    return turns.length + playout.length + runningTasks.length === 0;
  }

  /** Everything is over: nobody is listened to any more, and no ping keeps the clock busy. */
  finish(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#link.close();
    // One that never heard of an end stands there and says so for ever.
    for (const listener of this.listeners) listener.vanish();
  }

  #follow(event: OncueEvent): void {
    if (event.type !== 'response_playback_finished' && event.type !== 'response_skipped') return;
    this.transport.settled(event.responseId);
    for (const speaker of this.#speakers) speaker.ended(event.responseId);
  }

  #runTask({ takesMs, throws }: TaskPlan): Promise<void> {
    this.taskCalls += 1;
    return new Promise((resolve, reject) => {
      this.clock.schedule(takesMs, () => {
        if (throws) reject(new Error('the task failed'));
        else resolve();
      });
    });
  }
}
