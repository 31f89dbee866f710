import type { OncueEvent, OncueEventOf } from '@oncue/core';
import { parseTrace } from '@oncue/core/trace';

/** Everything that a trace says about one response. */
export interface ReportedResponse {
  readonly responseId: string;
  /** The earliest instant at which its first audio leaves the agent. */
  leavesAtMs?: number;
  readonly starts: OncueEventOf<'response_playback_started'>[];
  readonly refined: OncueEventOf<'response_playback_refined'>[];
  finished?: OncueEventOf<'response_playback_finished'>;
}

/** The responses of a session, from its trace. */
export class SessionTrace {
  readonly #byKey = new Map<string, ReportedResponse>();
  readonly #byId = new Map<string, ReportedResponse>();
  droppedReportCount = 0;

  constructor(trace: string) {
    for (const line of parseTrace(trace).lines) {
      if (line.kind === 'event') this.#take(line.event);
      if (line.kind !== 'input' || line.input.type !== 'audio_sent') continue;
      const response = this.#byId.get(line.input.responseId);
      if (response) response.leavesAtMs ??= line.input.leavesAtMs ?? line.input.atMs;
    }
  }

  of(speechId: string, index: number): ReportedResponse | undefined {
    return this.#byKey.get(`${speechId} ${index}`);
  }

  #take(event: OncueEvent): void {
    if (event.type === 'report_dropped') this.droppedReportCount += event.count;
    if (!('responseId' in event)) return;
    const response = this.#responseOf(event);
    if (event.type === 'response_playback_started') response.starts.push(event);
    if (event.type === 'response_playback_refined') response.refined.push(event);
    if (event.type === 'response_playback_finished') response.finished = event;
  }

  #responseOf(event: Extract<OncueEvent, { readonly responseId: unknown }>): ReportedResponse {
    const known = this.#byId.get(event.responseId);
    if (known) return known;
    const response: ReportedResponse = { responseId: event.responseId, starts: [], refined: [] };
    this.#byId.set(event.responseId, response);
    this.#byKey.set(`${event.speechId} ${event.index}`, response);
    return response;
  }
}
