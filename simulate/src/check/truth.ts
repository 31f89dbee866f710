import type { HeardInstant, OncueEvent, PlayheadReport, ResponseId } from '@oncue/core';
import type { Happening, History } from '../history/history.ts';
import { CarrierTransport } from '../world/carrier_transport.ts';
import type { HeardTruth } from '../world/ear.ts';
import type { Listener } from '../world/listener.ts';
import { SAMPLES_PER_MS } from '../world/samples.ts';
import type { World } from '../world/world.ts';
import { checkMarkInstant } from './mark_rules.ts';
import type { NaiveInputs } from './naive_state.ts';
import { mostSamples } from './physics.ts';
import { hold } from './violation.ts';

/** Sums of fractions on two clocks, and the one sample that counts as soon as it begins to sound. */
const TOLERANCE_MS = 0.1;

/** Reports by the old clock may still be on their way when its map is new, and what is dropped is told a second later. */
const SETTLED_MS = 2500;

/**
 * A jump that is smaller than a round trip may fit all round trips before it and after it, so that nothing shows it until
 * those before it are forgotten, a minute later. What is said of a clock that did this is not checked.
 */
const LEAST_JUMP_SEEN_MS = 1000;

/** A claim is allowed no more than this for what is not known of its clock [LW9]. */
const MOST_LEEWAY_MS = 1000;

/** Refused reports are told within this time. */
const TOLD_WITHIN_MS = 1000;

/** Why a report cannot be true. `out_of_range` is also one that comes before its clock is mapped. */
const IMPOSSIBLE = ['in_future', 'not_sent', 'before_it_left', 'too_fast'];

/** Holds what is said on the word of an honest listener against what sounded at its ear. */
export class Truth {
  readonly #world: World;
  /** When the last report came that may be refused though its listener is honest. */
  #excusedAtMs = Number.NEGATIVE_INFINITY;
  readonly #reports = new Map<ResponseId, readonly PlayheadReport[]>();
  /** The largest that a listener has stated. */
  #mostBoundMs = 0;
  readonly #inputs: NaiveInputs;
  /** When who can hear changed. */
  readonly #audibleFromMs: number[] = [];

  constructor(world: World, inputs: NaiveInputs) {
    this.#world = world;
    this.#inputs = inputs;
  }

  /** Every report, before the timeline takes it. */
  hear(listener: Listener, report: PlayheadReport): void {
    const nowMs = this.#world.clock.nowMs();
    const reports = this.#reports.get(report.responseId) ?? [];
    this.#reports.set(report.responseId, [...reports, report]);
    this.#mostBoundMs = Math.max(this.#mostBoundMs, report.errorBoundMs);
    if (this.#mayBeRefused(listener, report, nowMs)) this.#excusedAtMs = nowMs;
  }

  /** @throws Violation */
  check(event: OncueEvent): void {
    const { reporter } = this.#world;
    if (event.type === 'report_dropped') this.#checkDropped(event);
    // When a page was unmuted is known here. One that joined, also after a reload, listens until it says otherwise.
    if (event.type === 'audibility_changed' && !isUnmute(event))
      this.#audibleFromMs.push(event.sinceMs);
    if (!this.#world.listeners.some((one) => this.#hasJumped(one, event.atMs)))
      checkPast(event, this.#mostBoundMs);
    if (!reporter || this.#hasJumped(reporter, event.atMs)) return;
    switch (event.type) {
      case 'response_playback_started':
      case 'response_playback_refined':
        if (event.evidence !== 'estimate') this.#checkStart(event, reporter);
        return;
      case 'response_playback_progressed':
        if (event.evidence !== 'estimate') this.#checkProgress(event, reporter);
        return;
      case 'response_outcome_corrected':
        this.#checkCorrected(event, reporter);
        return;
      case 'response_mark_reached':
        this.#checkMark(event);
        return;
      default:
        return;
    }
  }

  /** The position may have been that of another listener: the words before the mark became known later. */
  #checkMark(event: Extract<OncueEvent, { type: 'response_mark_reached' }>): void {
    const { listeners } = this.#world;
    if (listeners.some((listener) => this.#hasJumped(listener, event.atMs))) return;
    const response = this.#inputs.responses.get(event.responseId);
    for (const listener of listeners) listener.settle();
    const truths = listeners.flatMap((one) => one.truths.get(event.responseId) ?? []);
    const reports = this.#reports.get(event.responseId) ?? [];
    if (response) checkMarkInstant(event, response, truths, reports);
  }

  #hasJumped({ jumpedAtMs, jumpedByMs, mappedAtMs }: Listener, nowMs: number): boolean {
    if (nowMs < jumpedAtMs) return false;
    if (Math.abs(jumpedByMs) < LEAST_JUMP_SEEN_MS || mappedAtMs === undefined) return true;
    return nowMs - mappedAtMs < SETTLED_MS;
  }

  /**
   * Where an answer took seconds, the clock may be known less exactly than a claim is allowed to be. A response that
   * began before a jump of the clock has a start and positions on two clocks.
   */
  #mayBeRefused(listener: Listener, report: PlayheadReport, nowMs: number): boolean {
    const { jumpedAtMs, truths } = listener;
    if (report.errorBoundMs > MOST_LEEWAY_MS) return true;
    if (nowMs < jumpedAtMs) return false;
    if (this.#hasJumped(listener, nowMs)) return true;
    const starts = truths.get(report.responseId)?.startsMs ?? [];
    return starts.some((startMs) => startMs < jumpedAtMs);
  }

  #checkDropped({ reason, atMs }: Extract<OncueEvent, { type: 'report_dropped' }>): void {
    if (atMs - this.#excusedAtMs <= TOLD_WITHIN_MS + TOLERANCE_MS) return;
    hold(
      'what an honest listener says is never refused as impossible [LW9]',
      !IMPOSSIBLE.includes(reason),
      () => reason,
    );
  }

  #checkStart(
    event: Extract<OncueEvent, { type: 'response_playback_started' | 'response_playback_refined' }>,
    reporter: Listener,
  ): void {
    // A page that was reloaded before its first report came plays from the beginning again, and tells of that.
    reporter.settle();
    const truth = reporter.truths.get(event.responseId);
    const mayBecomeAudible = this.#audibleFromMs.length > 0 || reporter.mutedTimes.length > 0;
    if (mayBecomeAudible && !this.#isAlone(truth, event)) return;
    const offFrom = (trueMs: number): number => Math.abs(event.startedAtMs - trueMs);
    const offMs = Math.min(
      ...(truth?.startsMs.map(offFrom) ?? []),
      ...this.#becomesAudible(event).map(offFrom),
    );
    hold(
      `a measured start lies within its bound [PB2][LW6] (${event.type})`,
      offMs <= event.errorBoundMs + TOLERANCE_MS,
      () => `${event.responseId} is ${offMs} off, ± ${event.errorBoundMs}`,
    );
  }

  /** When somebody could hear again is known of a page alone, and if it sounds without a break. */
  #isAlone(truth: HeardTruth | undefined, { startedAtMs, errorBoundMs }: HeardInstant): boolean {
    const [one] = this.#world.listeners;
    if (!one || this.#world.listeners.length > 1 || !truth?.isEven) return false;
    // In the middle of what it has, it does not say before or after which samples it stood still (limits.md).
    if (one.hasStoodStill) return false;
    // Of a page that unmutes for less time than the doubt, nobody can say when the response became audible.
    const isBrief = ({ toMs }: { toMs: number }, place: number): boolean =>
      (one.mutedTimes[place + 1]?.fromMs ?? Number.POSITIVE_INFINITY) - toMs <= 2 * errorBoundMs;
    if (one.mutedTimes.some(isBrief)) return false;
    const soundsStill = (truth.endedAtMs ?? 0) >= startedAtMs - errorBoundMs;
    return soundsStill && truth.runs[0]?.fromSample === 0;
  }

  /**
   * One that nobody could hear as it began starts to be heard when somebody can [AU5], and it sounds there. That instant has
   * a bound of its own.
   */
  #becomesAudible({
    responseId,
    errorBoundMs,
  }: HeardInstant & { responseId: ResponseId }): number[] {
    const truths = this.#world.listeners.flatMap((one) => {
      one.settle();
      return one.truths.get(responseId) ?? [];
    });
    const told = this.#audibleFromMs.flatMap((atMs) => [atMs - errorBoundMs, atMs]);
    const unmuted = this.#world.listeners.flatMap((one) => one.mutedTimes.map(({ toMs }) => toMs));
    return [...told, ...unmuted].flatMap((atMs) => truths.map((truth) => truth.soundsFrom(atMs)));
  }

  /** What a listener says after the end is no more than sounded, and no less where it was stopped. */
  #checkCorrected(
    event: Extract<OncueEvent, { type: 'response_outcome_corrected' }>,
    reporter: Listener,
  ): void {
    const isOnly = this.#world.listeners.length === 1;
    // Of several, another one may have told of more before.
    if (isOnly) this.#checkProgress(event, reporter);
    const isFinal = this.#reports.get(event.responseId)?.at(-1)?.phase !== 'playing';
    if (!isOnly || !isFinal || event.outcome !== 'cut' || event.inaudible) return;
    const { transport } = this.#world;
    if (transport instanceof CarrierTransport && transport.isBroken(event.responseId)) return;
    const truth = reporter.truths.get(event.responseId);
    // A page that was loaded again does not know what it played before, and after what was last reported.
    if (reporter.visit > 1) return;
    const sounded = truth?.samplesAt(event.positionAtMs) ?? 0;
    const heard = Math.min(sounded, mostSamples(event));
    hold(
      'what was heard is not taken back [PB19]',
      event.heardSamples >= heard - event.errorBoundMs * SAMPLES_PER_MS - 2,
      () => `${event.responseId}: ${event.heardSamples} told, ${heard} sounded`,
    );
  }

  #checkProgress(
    event: Extract<
      OncueEvent,
      { type: 'response_playback_progressed' | 'response_outcome_corrected' }
    >,
    reporter: Listener,
  ): void {
    reporter.settle();
    const untilMs = event.positionAtMs + event.errorBoundMs + TOLERANCE_MS;
    const heard = reporter.truths.get(event.responseId)?.samplesAt(untilMs) ?? 0;
    hold(
      'nothing was heard that did not sound [PB8]',
      event.heardSamples <= heard + 2,
      () => `${event.responseId}: ${event.heardSamples} told, ${heard} sounded by ${untilMs}`,
    );
  }
}

/** A page says since when it is not muted any more. */
function isUnmute({
  before,
  sinceMs,
  atMs,
}: Extract<OncueEvent, { type: 'audibility_changed' }>): boolean {
  return before === 'muted' && sinceMs !== atMs;
}

/** Only the past is told, except a predicted start. By its bound a report, and what follows from it, may lie ahead. */
function checkPast(event: OncueEvent, mostBoundMs: number): void {
  if (event.type === 'task_started' && event.timing === 'predicted') return;
  if (!('errorBoundMs' in event)) return;
  const { errorBoundMs, atMs, type } = event;
  const latestMs = atMs + Math.min(errorBoundMs, mostBoundMs) + TOLERANCE_MS;
  for (const [name, value] of Object.entries(event))
    if (INSTANTS.includes(name))
      hold(
        'nothing was heard in the future [MK2][PB13][LW15]',
        value <= latestMs,
        () => `${type}: ${name} ${value} at ${atMs} ± ${errorBoundMs}`,
      );
}

const INSTANTS: readonly string[] = ['startedAtMs', 'positionAtMs', 'reachedAtMs', 'endedAtMs'];

/** Whether every word of the only listener comes through in time, so that nothing has to be estimated. */
function isCalm({ setup, happenings }: History): boolean {
  return setup.faults.length === 0 && setup.listeners.length === 1 && !happenings.some(isUneven);
}

/** What makes reports late, or what is told differ from what sounds. */
function isUneven(one: Happening): boolean {
  if (one.do === 'turn') return one.turn.floor === 'at_once';
  return one.do === 'close' || one.do === 'falls_behind' || one.do === 'agent_stalls';
}

/** Whether the only listener never reports, and hears after exactly the delay that the agent assumes. */
function isIdeal({ setup, happenings }: History): boolean {
  return (
    setup.faults.length === 1 &&
    setup.faults[0] === 'silent' &&
    setup.listeners.length === 1 &&
    setup.listeners[0]?.reports === false &&
    setup.awayAfterMs === 0 &&
    // Whether a page had begun to play before it got to know of a pause is known to nobody else.
    (setup.transport === 'room' ||
      setup.listeners[0].pathMs === 0 ||
      !happenings.some((one) => one.do === 'pause')) &&
    !happenings.some(isUneven)
  );
}

interface Told {
  errorBoundMs?: number;
  startedAtMs?: number;
  heardSamples?: number;
  evidence?: string;
}

/** What was told of each response in the end, against what sounded at the only ear. */
export class TruthInTheEnd {
  readonly #told = new Map<string, Told>();
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  note(event: OncueEvent): void {
    if (!('responseId' in event)) return;
    const told = this.#told.get(event.responseId) ?? {};
    this.#told.set(event.responseId, told);
    if (event.type === 'response_playback_started' || event.type === 'response_playback_refined') {
      told.startedAtMs = event.startedAtMs;
      told.evidence = event.evidence;
      told.errorBoundMs = event.errorBoundMs;
    }
    if (event.type === 'response_playback_finished' || event.type === 'response_outcome_corrected')
      told.heardSamples = event.heardSamples;
  }

  /** @throws Violation */
  check(listener: Listener): void {
    const calm = isCalm(this.#history);
    if (!calm && !isIdeal(this.#history)) return;
    listener.settle();
    for (const [id, told] of this.#told) {
      if (calm) checkReported(id, told, listener.truths.get(id as ResponseId));
      else checkEstimated(id, told, listener);
    }
  }
}

/** With a listener that reports in time: to the sample, and within the bound. */
function checkReported(id: string, told: Told, truth: HeardTruth | undefined): void {
  const heard = truth?.samplesAt(Number.MAX_SAFE_INTEGER) ?? 0;
  hold(
    'what sounded is what is told, with a listener that reports in time [PB1][PB4]',
    Math.abs((told.heardSamples ?? 0) - heard) <= 1,
    () => `${id}: ${told.heardSamples} told, ${heard} sounded`,
  );
  if (told.startedAtMs === undefined) return;
  const offMs = Math.abs(told.startedAtMs - (truth?.startedAtMs ?? 0));
  hold(
    'a start is the true one, with a listener that reports in time [PB2]',
    offMs <= (told.errorBoundMs ?? 0) + TOLERANCE_MS,
    () => `${id}: ${told.startedAtMs} told, ${truth?.startedAtMs} true`,
  );
  hold(
    'a report in time is not replaced by an estimate [PB5]',
    told.evidence !== 'estimate',
    () => id,
  );
}

/** On the estimate alone: as far off as a command to the listener takes. */
function checkEstimated(id: string, told: Told, { setup, truths }: Listener): void {
  const truth = truths.get(id as ResponseId);
  const offMs = setup.pathMs + 2;
  const heard = truth?.samplesAt(Number.MAX_SAFE_INTEGER) ?? 0;
  hold(
    'what sounded is what is told, on the estimate alone [PB5]',
    Math.abs((told.heardSamples ?? 0) - heard) <= offMs * SAMPLES_PER_MS + 1,
    () => `${id}: ${told.heardSamples} told, ${heard} sounded`,
  );
  if (told.startedAtMs === undefined || truth?.startedAtMs === undefined) return;
  hold(
    'a start is the true one, on the estimate alone [PB5]',
    Math.abs(told.startedAtMs - truth.startedAtMs) <= offMs,
    () => `${id}: ${told.startedAtMs} told, ${truth.startedAtMs} true`,
  );
}
