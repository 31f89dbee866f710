import type { Audibility, OncueEvent, OncueEventOf, TimelineInput } from '@oncue/core';
import type { HeardTruth } from '../world/ear.ts';
import type { Listener } from '../world/listener.ts';
import type { NaiveInputs } from './naive_state.ts';
import { hold } from './violation.ts';

/** Instants that went through a clock map, and a device that plays up to 90 ppm faster or slower. */
const TOLERANCE_MS = 2;

/** A time in which the timeline was told one thing of who can hear: that its listener is muted, or that somebody may hear. */
interface ToldTime {
  readonly fromMs: number;
  toMs: number;
}

type Told = OncueEventOf<'response_playback_progressed' | 'response_playback_finished'>;

/** Holds what is told against who could hear it, by the inputs of the timeline and by what sounded. */
export class HearingRules {
  readonly #inputs: NaiveInputs;
  #audibility: Audibility = 'listening';
  #answers = true;
  /** Since when nobody can hear; `undefined` while somebody can. */
  #deafFromMs: number | undefined;
  /** Responses of which some may have been heard. */
  readonly #maybeHeard = new Set<string>();
  readonly #muted: ToldTime[] = [];
  readonly #mayHear: ToldTime[] = [{ fromMs: 0, toMs: Number.POSITIVE_INFINITY }];
  /** The largest bound of a report. */
  #mostBoundMs = 0;

  constructor(inputs: NaiveInputs) {
    this.#inputs = inputs;
  }

  /** @throws Violation */
  follow(input: TimelineInput, events: readonly OncueEvent[]): void {
    this.#take(input);
    for (const event of events)
      if (event.type === 'response_playback_started') this.#checkStart(event);
  }

  /** What sounded while its only listener was muted, and was known to be, is not heard [AU3]. @throws Violation */
  checkMuted(event: OncueEvent, [listener, other]: readonly Listener[]): void {
    if (
      event.type !== 'response_playback_progressed' &&
      event.type !== 'response_playback_finished'
    )
      return;
    if (!listener || other || this.#muted.length === 0 || event.evidence === 'estimate') return;
    listener.settle();
    const truth = listener.truths.get(event.responseId);
    if (truth?.startsMs.length !== 1 || !truth.isEven) return;
    // It came in the middle: what had left before may count as heard, by estimate.
    if (truth.runs[0]?.fromSample !== 0) return;
    this.#checkAudible(event, truth);
  }

  /** What somebody who was there could hear is not told as muted, or as played to nobody [AU16]. @throws Violation */
  checkUnheard(event: OncueEvent, listeners: readonly Listener[]): void {
    if (event.type !== 'response_skipped') return;
    const { responseId, reason, atMs } = event;
    if (reason !== 'no_listener' && reason !== 'muted') return;
    // When a listener muted the agent, and when it heard what it reports, is known by its clock.
    const slackMs = TOLERANCE_MS + (reason === 'muted' ? 2 * this.#mostBoundMs : 0);
    for (const listener of listeners) {
      listener.settle();
      const runs = listener.truths.get(responseId)?.runs ?? [];
      const heardMs = this.#mayHear.reduce(
        (sum, time) => sum + heardIn(runs, { ...time, toMs: Math.min(time.toMs, atMs) }, listener),
        0,
      );
      hold(
        'what nobody is said to have heard sounded to nobody [AU16]',
        heardMs <= slackMs,
        () => `${responseId} (${reason}): ${heardMs} ms sounded`,
      );
    }
  }

  #take(input: TimelineInput): void {
    switch (input.type) {
      case 'audibility_changed':
        this.#follow(input.audibility, input.atMs, input.sinceMs ?? input.atMs);
        return;
      case 'listener_answers':
        this.#answers = input.answers;
        this.#review(input.atMs);
        return;
      case 'listener_changed':
        this.#answers = true;
        this.#review(input.atMs);
        return;
      case 'playhead':
        this.#mostBoundMs = Math.max(this.#mostBoundMs, input.report.errorBoundMs);
        // One that does not answer hears what it reports; one that is muted does not.
        if (!this.#isMutedAt(input.report.startedAtMs))
          this.#maybeHeard.add(input.report.responseId);
        return;
      default:
        return;
    }
  }

  #follow(audibility: Audibility, atMs: number, sinceMs: number): void {
    const last = this.#muted.at(-1);
    if (this.#audibility === 'muted' && last) last.toMs = Math.min(sinceMs, atMs);
    // That it was muted may be known later than that it did not answer.
    const ended = audibility === 'muted' ? this.#mayHear : this.#mayHear.slice(-1);
    for (const mayHear of ended) mayHear.toMs = Math.min(mayHear.toMs, sinceMs);
    if (audibility === 'listening' || audibility === 'silent')
      this.#mayHear.push({ fromMs: sinceMs, toMs: Number.POSITIVE_INFINITY });
    if (audibility === 'muted')
      this.#muted.push({ fromMs: sinceMs, toMs: Number.POSITIVE_INFINITY });
    this.#audibility = audibility;
    this.#review(Math.max(atMs, sinceMs));
  }

  #isMutedAt(atMs: number): boolean {
    return this.#audibility === 'muted' && atMs >= (this.#muted.at(-1)?.fromMs ?? 0);
  }

  #review(fromMs: number): void {
    if (this.#audibility === 'listening' && this.#answers) {
      this.#deafFromMs = undefined;
      for (const { id, end } of this.#inputs.playout) if (!end) this.#maybeHeard.add(id);
    } else this.#deafFromMs ??= fromMs;
  }

  #checkStart({ responseId, atMs }: OncueEventOf<'response_playback_started'>): void {
    const sentFromMs = this.#inputs.responses.get(responseId)?.sentFromMs ?? 0;
    const isDeaf = this.#deafFromMs !== undefined && this.#deafFromMs <= sentFromMs;
    hold(
      'what nobody could hear does not start [AU2][AU4]',
      !isDeaf || this.#maybeHeard.has(responseId),
      () => `${responseId} at ${atMs}: ${this.#audibility} since ${this.#deafFromMs}`,
    );
  }

  #checkAudible(event: Told, truth: HeardTruth): void {
    const boundMs = Math.max(this.#mostBoundMs, event.errorBoundMs);
    const slackMs = 2 * boundMs + TOLERANCE_MS;
    const atMs = 'endedAtMs' in event ? event.endedAtMs : event.positionAtMs;
    // It stands still now, and when it began to do so is not told.
    if ((truth.endedAtMs ?? atMs) < atMs - slackMs) return;
    const untilMs = atMs + slackMs;
    let muted = 0;
    for (const { fromMs, toMs } of this.#muted) {
      const from = fromMs + slackMs;
      const to = Math.min(toMs - slackMs, untilMs);
      if (to > from) muted += truth.samplesAt(to) - truth.samplesAt(from);
    }
    const most = truth.samplesAt(untilMs) - muted + 2;
    hold(
      'what sounds while everybody is muted is not heard [AU3]',
      event.heardSamples <= Math.max(1, most),
      () => `${event.responseId}: ${event.heardSamples} told, ${most} audible (${event.type})`,
    );
  }
}

/**
 * For how long a response sounded in a time, at a listener that was not muted then, ms. Where a room plays to one that the agent does
 * not know of, since it reports nothing or its hello was lost, the timeline cannot know that, nor when it sounds there.
 */
function heardIn(
  runs: HeardTruth['runs'],
  told: ToldTime,
  { mutedTimes, knownTimes }: Listener,
): number {
  const times = knownTimes.map(({ fromMs, toMs }) => ({
    fromMs: Math.max(fromMs, told.fromMs),
    toMs: Math.min(toMs, told.toMs),
  }));
  const parts = runs.flatMap((run) => times.map((time) => ({ run, time })));
  return parts.reduce((sum, { run, time }) => {
    const from = Math.max(run.fromMs, time.fromMs);
    const to = Math.min(run.toMs, time.toMs);
    const mutedMs = mutedTimes.reduce(
      (muted, time) => muted + Math.max(0, Math.min(time.toMs, to) - Math.max(time.fromMs, from)),
      0,
    );
    return sum + Math.max(0, to - from - mutedMs);
  }, 0);
}
