import type { OncueEventOf } from '@oncue/core';
import {
  type Attributes,
  type Counter,
  type Histogram,
  type MeterProvider,
  metrics,
} from '@opentelemetry/api';
import { SCOPE } from './scope.ts';

interface Instruments {
  readonly timeToHeard: Histogram;
  readonly deliveryDelay: Histogram;
  readonly errorBound: Histogram;
  readonly predictionError: Histogram;
  readonly responses: Counter;
  readonly corrected: Counter;
  readonly dropped: Counter;
}

/** One response that has ended, as the metrics see it. */
export interface EndedResponse {
  readonly outcome: OncueEventOf<'response_playback_finished'>['outcome'] | 'skipped';
  readonly skipReason?: string;
  /** How its start is known, if it had one. */
  readonly start?: { readonly evidence: string; readonly errorBoundMs: number };
  readonly timeToHeardMs?: number | undefined;
  readonly deliveryDelayMs?: number | undefined;
}

/** Bounds in seconds: delays of a network, and waits of a person. */
const DELAY_BOUNDS = [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2];
const WAIT_BOUNDS = [0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 2.5, 3, 4, 6, 10];
const ERROR_BOUNDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** Records what the events of one session say. Attributes have few values: no ids and no text. */
export class OncueMetrics {
  readonly #given: MeterProvider | undefined;
  #provider: MeterProvider | undefined;
  #made: Instruments | undefined;

  constructor(given: MeterProvider | undefined) {
    this.#given = given;
  }

  ended(response: EndedResponse): void {
    const { outcome, skipReason, start, timeToHeardMs, deliveryDelayMs } = response;
    const { responses, errorBound, timeToHeard, deliveryDelay } = this.#instruments();
    const evidence: Attributes = start ? { 'oncue.evidence': start.evidence } : {};
    responses.add(1, {
      'oncue.outcome': outcome,
      ...evidence,
      ...(skipReason === undefined ? {} : { 'oncue.skip_reason': skipReason }),
    });
    if (!start) return;
    errorBound.record(start.errorBoundMs / 1000, evidence);
    if (timeToHeardMs !== undefined) timeToHeard.record(timeToHeardMs / 1000, evidence);
    if (deliveryDelayMs !== undefined) deliveryDelay.record(deliveryDelayMs / 1000, evidence);
  }

  /** A histogram takes no negative values, so the side is an attribute. */
  predictionChecked({ errorMs, evidence }: OncueEventOf<'prediction_checked'>): void {
    this.#instruments().predictionError.record(Math.abs(errorMs) / 1000, {
      'oncue.evidence': evidence,
      'oncue.prediction.side': errorMs < 0 ? 'early' : 'late',
    });
  }

  /** The response is counted already, with what was told when it ended. */
  outcomeCorrected({ outcome, before }: OncueEventOf<'response_outcome_corrected'>): void {
    this.#instruments().corrected.add(1, {
      'oncue.outcome': outcome,
      'oncue.outcome.before': before.outcome,
    });
  }

  reportsDropped({ reason, count }: OncueEventOf<'report_dropped'>): void {
    this.#instruments().dropped.add(count, { 'oncue.drop_reason': reason });
  }

  /** The global provider may be set later than this is made, and its instruments do not follow it. */
  #instruments(): Instruments {
    const provider = this.#given ?? metrics.getMeterProvider();
    if (this.#made && provider === this.#provider) return this.#made;
    this.#provider = provider;
    this.#made = makeInstruments(provider);
    return this.#made;
  }
}

function makeInstruments(provider: MeterProvider): Instruments {
  const meter = provider.getMeter(SCOPE.name, SCOPE.version);
  const histogram = (name: string, description: string, bounds: number[]): Histogram =>
    meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: bounds },
    });
  return {
    timeToHeard: histogram(
      'oncue.response.time_to_heard',
      "From the end of the user's speech to the first heard sample of the answer",
      WAIT_BOUNDS,
    ),
    deliveryDelay: histogram(
      'oncue.response.delivery_delay',
      'From when the first sample of a response left the agent to when it was heard',
      DELAY_BOUNDS,
    ),
    errorBound: histogram(
      'oncue.start.error_bound',
      'Half-width of the interval in which the start of a response lies',
      ERROR_BOUNDS,
    ),
    predictionError: histogram(
      'oncue.prediction.error',
      'How far off a predicted start was',
      ERROR_BOUNDS,
    ),
    responses: meter.createCounter('oncue.responses', {
      description: 'Responses that ended, by outcome and evidence',
      unit: '{response}',
    }),
    corrected: meter.createCounter('oncue.responses.corrected', {
      description: 'Corrections of what was told of a response that had ended, by both outcomes',
      unit: '{correction}',
    }),
    dropped: meter.createCounter('oncue.reports.dropped', {
      description: "Listeners' messages that were not used, by reason",
      unit: '{message}',
    }),
  };
}
