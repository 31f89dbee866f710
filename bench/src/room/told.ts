import type { OncueEvent, OncueEventOf } from '@oncue/core';
import { parseTrace } from '@oncue/core/trace';

/** All that a trace tells of one response. */
export interface Told {
  readonly responseId: string;
  /** When the first of it leaves the agent at the earliest. */
  leavesAtMs?: number;
  readonly starts: OncueEventOf<'response_playback_started'>[];
  readonly refined: OncueEventOf<'response_playback_refined'>[];
  finished?: OncueEventOf<'response_playback_finished'>;
}

/** A session as its trace tells it. */
export class ToldSession {
  readonly #byKey = new Map<string, Told>();
  readonly #byId = new Map<string, Told>();
  droppedReportCount = 0;

  constructor(trace: string) {
    for (const line of parseTrace(trace).lines) {
      if (line.kind === 'event') this.#take(line.event);
      if (line.kind !== 'input' || line.input.type !== 'audio_sent') continue;
      const told = this.#byId.get(line.input.responseId);
      if (told) told.leavesAtMs ??= line.input.leavesAtMs ?? line.input.atMs;
    }
  }

  of(speechId: string, index: number): Told | undefined {
    return this.#byKey.get(`${speechId} ${index}`);
  }

  #take(event: OncueEvent): void {
    if (event.type === 'report_dropped') this.droppedReportCount += 1;
    if (!('responseId' in event)) return;
    const told = this.#told(event);
    if (event.type === 'response_playback_started') told.starts.push(event);
    if (event.type === 'response_playback_refined') told.refined.push(event);
    if (event.type === 'response_playback_finished') told.finished = event;
  }

  #told(event: Extract<OncueEvent, { readonly responseId: unknown }>): Told {
    const known = this.#byId.get(event.responseId);
    if (known) return known;
    const told: Told = { responseId: event.responseId, starts: [], refined: [] };
    this.#byId.set(event.responseId, told);
    this.#byKey.set(`${event.speechId} ${event.index}`, told);
    return told;
  }
}
