import type { OncueEvent, OncueEventOf, TimelineInput } from '@oncue/core';
import { SAMPLES_PER_MS } from '../world/samples.ts';
import type { NaiveInputs, NaiveResponse } from './naive_state.ts';
import { hold } from './violation.ts';

/** How long core waits for a report, by its options. */
export interface Patience {
  readonly reportTimeoutMs: number;
  readonly stallTimeoutMs: number;
}

/** Reports of starts are off by up to their bound, and devices drift. */
const TOLERANCE_MS = 300;

/** Holds what is said of a listener that reports all that it plays against its reports, and nothing else [AU17]. */
export class UnreportedRules {
  readonly #inputs: NaiveInputs;
  readonly #patienceMs: number;
  /** By response, what any report or progress before this input says. */
  readonly #known = new Map<string, number>();
  #isListening = false;
  #reportsAll = false;

  constructor(inputs: NaiveInputs, { reportTimeoutMs, stallTimeoutMs }: Patience) {
    this.#inputs = inputs;
    this.#patienceMs = Math.max(reportTimeoutMs, stallTimeoutMs);
  }

  /** @throws Violation */
  follow(input: TimelineInput, events: readonly OncueEvent[]): void {
    if (input.type === 'listener_changed') {
      this.#isListening = input.listening;
      this.#reportsAll = input.unreported === 'not_known';
    }
    if (input.type === 'playhead') this.#note(input.report);
    const isStrict = this.#isListening && this.#reportsAll && input.type !== 'closed';
    if (isStrict) for (const event of events) this.#check(event, input);
    for (const event of events)
      if (event.type === 'response_playback_progressed') this.#note(event);
    if (isStrict && input.type === 'report_given_up') this.#checkGivenUp(input.responseId);
  }

  #note({ responseId, heardSamples }: { responseId: string; heardSamples: number }): void {
    this.#known.set(responseId, Math.max(heardSamples, this.#known.get(responseId) ?? 0));
  }

  #check(event: OncueEvent, input: TimelineInput): void {
    switch (event.type) {
      case 'response_playback_started':
        hold(
          'nothing starts that nobody reported [AU17]',
          input.type === 'playhead' && input.report.responseId === event.responseId,
          () => event.responseId,
        );
        return;
      case 'response_playback_finished':
        this.#checkHeard(event);
        this.#checkWaited(event, input);
        return;
      case 'response_skipped':
        if (event.reason === 'not_known') this.#checkWaited(event, input);
        return;
      default:
        return;
    }
  }

  /** One that began counts as begun. */
  #checkHeard({ responseId, heardSamples }: OncueEventOf<'response_playback_finished'>): void {
    const known = Math.max(1, this.#known.get(responseId) ?? 0);
    hold(
      'nothing counts as heard that nobody reported [AU17]',
      heardSamples <= known,
      () => `${responseId}: ${heardSamples} heard, ${known} reported`,
    );
  }

  /** The report of an end is waited for. */
  #checkWaited({ responseId }: { readonly responseId: string }, input: TimelineInput): void {
    const response = this.#inputs.responses.get(responseId);
    if (input.type !== 'tick' || !response || response.turn?.over) return;
    const dueMs = response.sentFromMs + response.sent / SAMPLES_PER_MS + this.#patienceMs;
    hold(
      'an end is waited for as long as its report may come [AU17]',
      input.atMs >= dueMs - TOLERANCE_MS,
      () => `${responseId} at ${input.atMs}, due ${dueMs}`,
    );
  }

  #checkGivenUp(responseId: string): void {
    const isOpen = ({ end }: NaiveResponse): boolean => end === undefined;
    const head = this.#inputs.playout.find(isOpen);
    hold(
      'what is given up ends at once, if it is its turn [AU17]',
      head?.id !== responseId || head.turn?.over !== undefined,
      () => responseId,
    );
  }
}
