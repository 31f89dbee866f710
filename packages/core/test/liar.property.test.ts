// A listener that lies, against a queue that is simulated millisecond by millisecond. Longer: ONCUE_PROPERTY_RUNS=10000.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AgentMs,
  type CutReach,
  type OncueEvent,
  type ResponseId,
  Timeline,
} from '../src/index.ts';
import { ManualClock } from '../src/testing/index.ts';

const RUNS = Number(process.env['ONCUE_PROPERTY_RUNS'] ?? 200);

/** For each place that a cut can reach; both together 10,000. */
const LEAST_LIES = 5000;

/** One sample a millisecond, so that the simulated queue needs no fractions. */
const RATE_HZ = 1000;

/** What a claim may be off by: two blocks of the queue, or what a listener may have caught up. Clocks differ as well. */
const QUEUE_SLACK_MS = 20 + 1;
const CATCH_UP_MS = 200 + 1;
const DRIFT_SHARE = 0.002;

interface Waiting {
  readonly id: ResponseId;
  readonly notBeforeMs: number;
}

/** When each sample of each response left, if every sample leaves as early as it can. */
class NaiveQueue {
  readonly leftAtMs = new Map<ResponseId, number[]>();
  readonly sentAtMs = new Map<ResponseId, number>();
  readonly #reaches: CutReach;
  #queue: Waiting[] = [];
  /** Cut, but in the listener's own buffer: it may play on. Each response by itself. */
  #cut: Waiting[][] = [];
  #paused = false;

  constructor(reaches: CutReach) {
    this.#reaches = reaches;
  }

  send(id: ResponseId, samples: number, notBeforeMs: number, nowMs: number): void {
    if (!this.sentAtMs.has(id)) this.sentAtMs.set(id, nowMs);
    // What is sent in a pause leaves with the resume.
    const fromMs = this.#paused && this.#reaches === 'queue' ? nowMs : notBeforeMs;
    for (let n = 0; n < samples; n += 1) this.#queue.push({ id, notBeforeMs: fromMs });
  }

  pause(paused: boolean): void {
    this.#paused = paused;
  }

  /** How long until what is sent now leaves. */
  backlogMs(nowMs: number): number {
    return this.#queue.reduce((ms, one) => Math.max(ms, one.notBeforeMs - nowMs) + 1, 0);
  }

  /** The listener says that it is done with a response: what it holds of it, it may play or drop. */
  settle(id: ResponseId): void {
    if (this.#reaches !== 'ear') return;
    this.#cut.push(this.#queue.filter((one) => one.id === id));
    this.#queue = this.#queue.filter((one) => one.id !== id);
  }

  cut(): void {
    if (this.#reaches === 'ear') {
      const ids = [...new Set(this.#queue.map(({ id }) => id))];
      this.#cut.push(...ids.map((one) => this.#queue.filter(({ id }) => id === one)));
    }
    this.#queue = [];
    this.#paused = false;
  }

  /** A millisecond passes. */
  tick(nowMs: number): void {
    if (!(this.#paused && this.#reaches === 'queue')) this.#leave(this.#queue, nowMs);
    for (const queue of this.#cut) this.#leave(queue, nowMs);
  }

  #leave(queue: Waiting[], nowMs: number): void {
    const head = queue[0];
    if (!head || head.notBeforeMs > nowMs) return;
    queue.shift();
    const left = this.leftAtMs.get(head.id) ?? [];
    this.leftAtMs.set(head.id, left);
    left.push(nowMs);
  }

  /** When the first `samples` had left; infinite for what has not yet. */
  haveLeftAtMs(id: ResponseId, samples: number): number {
    const at = this.leftAtMs.get(id)?.[samples - 1];
    return at === undefined ? Number.POSITIVE_INFINITY : at + 1;
  }
}

const lie = fc.record({
  do: fc.constant('lie' as const),
  back: fc.nat(2),
  share: fc.oneof(
    fc.constantFrom(0, 0.001, 0.5, 1, 1.1),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
  startedBeforeMs: fc.constantFrom(0, 1, 50, 200, 900, 3000, 9900, -500),
  positionBeforeMs: fc.constantFrom(0, 0, 10, 100, 2000, -30, -999, -1500),
  phase: fc.constantFrom('playing' as const, 'playing' as const, 'ended' as const, 'cut' as const),
  evidence: fc.constantFrom('device' as const, 'device' as const, 'transport' as const),
  errorBoundMs: fc.constantFrom(0, 1, 40, 300, 1000, 4000, 9950, 20_000),
});

const action = fc.oneof(
  { weight: 8, arbitrary: lie },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      ms: fc.constantFrom(1, 20, 200, 1500),
      leavesInMs: fc.constantFrom(0, 0, 0, 15, 400),
      isNew: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.constantFrom(1, 7, 40, 150, 600, 1800),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('listener' as const), on: fc.boolean() }) },
);

type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

/** Performs the actions, and holds every event against the simulated queue. */
class Trial {
  readonly clock = new ManualClock(20_000);
  readonly timeline: Timeline;
  readonly queue: NaiveQueue;
  lies = 0;
  readonly #reaches: CutReach;
  /** Settled in a pause of the queue: a few samples that it stopped may count, within the slack. */
  readonly #settledInPause = new Set<ResponseId>();
  #turn;
  #ids: ResponseId[] = [];
  #sent = new Map<ResponseId, number>();

  constructor(reaches: CutReach) {
    this.#reaches = reaches;
    this.queue = new NaiveQueue(reaches);
    this.timeline = new Timeline({ clock: this.clock, options: { maxPathDriftMs: 400 } });
    this.timeline.onAny((event) => this.#check(event));
    this.timeline.listenerChanged(true);
    this.#turn = this.timeline.openTurn();
  }

  run(one: Action): void {
    const { timeline } = this;
    if (one.do === 'send') this.#send(one);
    else if (one.do === 'lie') this.#lie(one);
    else if (one.do === 'advance') this.advance(one.ms);
    else if (one.do === 'listener') timeline.listenerChanged(one.on);
    else if (one.do === 'pause') {
      timeline.pause(this.#reaches);
      this.queue.pause(true);
    } else if (one.do === 'resume') {
      timeline.resume();
      this.queue.pause(false);
    } else {
      timeline.cut('user_speech', this.#reaches);
      this.queue.cut();
      this.#turn.end('user_speech');
      this.#turn = timeline.openTurn();
      this.#ids = [];
    }
    const { delayMs } = timeline.state.path;
    expect(delayMs).toBeGreaterThanOrEqual(0);
    expect(delayMs).toBeLessThanOrEqual(5000);
  }

  advance(ms: number): void {
    for (let n = 0; n < ms; n += 1) {
      this.queue.tick(this.clock.nowMs());
      this.clock.advance(1);
    }
  }

  #send({ ms, leavesInMs, isNew }: Extract<Action, { do: 'send' }>): void {
    let id = this.#ids.at(-1);
    if (id === undefined || isNew || !this.#takesAudio(id)) {
      ({ id } = this.#turn.begin({ task: { run: () => {}, timing: 'predicted' } }));
      this.#turn.addText('Some words that were said.');
      this.#ids.push(id);
    }
    const nowMs = this.clock.nowMs();
    // Where the buffer is the listener's, audio leaves as it is sent.
    const hasQueue = this.#reaches === 'queue';
    const inMs = this.timeline.state.pausedAtMs === undefined ? leavesInMs : 0;
    const leavesAtMs = nowMs + (hasQueue ? Math.max(inMs, this.queue.backlogMs(nowMs)) : 0);
    this.timeline.audioSent(id, ms, RATE_HZ, leavesAtMs as AgentMs);
    this.queue.send(id, ms, leavesAtMs, nowMs);
    this.#sent.set(id, (this.#sent.get(id) ?? 0) + ms);
  }

  #takesAudio(id: ResponseId): boolean {
    return this.timeline.state.turns.some(({ items }) =>
      items.some(({ kind, ...item }) => {
        if (kind !== 'response' || !('response' in item)) return false;
        return item.response.id === id && !item.response.cut && !item.response.audioEnded;
      }),
    );
  }

  #lie({ back, share, startedBeforeMs, positionBeforeMs, ...how }: Extract<Action, { do: 'lie' }>) {
    const responseId = [...this.#sent.keys()].at(-1 - back);
    if (responseId === undefined) return;
    this.lies += 1;
    const nowMs = this.clock.nowMs();
    this.timeline.playhead({
      responseId,
      heardSamples: Math.round(share * (this.#sent.get(responseId) ?? 0)),
      startedAtMs: (nowMs - startedBeforeMs) as AgentMs,
      positionAtMs: (nowMs - positionBeforeMs) as AgentMs,
      phase: how.phase,
      evidence: how.evidence,
      errorBoundMs: how.errorBoundMs,
    });
  }

  #check(event: OncueEvent): void {
    const driftMs = DRIFT_SHARE * (event.atMs - 20_000);
    if (event.type === 'response_playback_started' || event.type === 'response_playback_refined') {
      const { responseId: id, startedAtMs, evidence } = event;
      expect(startedAtMs, 'not before it was sent').toBeGreaterThanOrEqual(
        this.queue.sentAtMs.get(id) ?? Number.POSITIVE_INFINITY,
      );
      const leftMs = this.queue.haveLeftAtMs(id, 1) - 1;
      if (this.#settledInPause.has(id)) return;
      if (evidence !== 'estimate' && Number.isFinite(leftMs))
        expect(startedAtMs).toBeGreaterThanOrEqual(leftMs - QUEUE_SLACK_MS - driftMs);
    }
    if (event.type === 'response_playback_finished' || event.type === 'response_skipped')
      this.#settle(event.responseId);
    if (event.type === 'task_started')
      expect(event.startedAtMs).toBeGreaterThanOrEqual(
        this.queue.sentAtMs.get(event.responseId) ?? Number.POSITIVE_INFINITY,
      );
    if (event.type !== 'response_playback_progressed') return;
    const { responseId, heardSamples, positionAtMs } = event;
    // What leaves within the slack after now may count already.
    const leftBySamples = this.#leftBy(responseId);
    expect(heardSamples, 'had left').toBeLessThanOrEqual(leftBySamples + CATCH_UP_MS + driftMs);
    const leftMs = this.queue.haveLeftAtMs(responseId, heardSamples);
    if (Number.isFinite(leftMs))
      expect(positionAtMs).toBeGreaterThanOrEqual(leftMs - QUEUE_SLACK_MS - driftMs);
  }

  #settle(id: ResponseId): void {
    this.queue.settle(id);
    if (this.timeline.state.pausedAtMs !== undefined) this.#settledInPause.add(id);
  }

  #leftBy(id: ResponseId): number {
    return this.queue.leftAtMs.get(id)?.length ?? 0;
  }
}

/** Performs random actions until so many lies were told. */
function tellLies(reaches: CutReach): number {
  let lies = 0;
  while (lies < LEAST_LIES)
    fc.assert(
      fc.property(fc.array(action, { minLength: 5, maxLength: 60, size: 'max' }), (actions) => {
        const failures: unknown[] = [];
        const trial = new Trial(reaches);
        trial.timeline.on('callback_failed', ({ message }) => failures.push(message));
        for (const one of actions) {
          trial.run(one);
          if (failures.length > 0) throw new Error(String(failures[0]));
        }
        lies += trial.lies;
      }),
      { numRuns: RUNS },
    );
  return lies;
}

describe('a listener that lies', () => {
  it.each(['ear', 'queue'] as const)(
    '[LW9][LW10] changes no record beyond what can have been heard in 5,000 lies, where a cut reaches the %s',
    (reaches) => {
      expect(tellLies(reaches)).toBeGreaterThanOrEqual(LEAST_LIES);
    },
    3_600_000,
  );
});
