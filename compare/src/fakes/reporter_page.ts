import type { Clock } from '@oncue/core';
import { type AgentEnvelope, type AgentMessage, parseAgentMessage } from '@oncue/core/wire';
import { PageVoice } from './page_link.ts';
import { PlayedResponse } from './played_responses.ts';
import { SAMPLE_RATE_HZ } from './words_tts.ts';

const TICK_MS = 10;
const REPORT_EVERY_MS = 50;
/** A reporter knows a start when it has heard a first piece of the response and found it. */
const FINDS_AFTER_MS = 120;
/** Of its measurement, ms. */
const ERROR_BOUND_MS = 8;

/** What a reporter works with. */
export interface ReporterPagePort {
  readonly clock: Clock;
  readonly carry: (text: string) => void;
  /** Samples of each response that the agent knows to have been heard on an earlier visit. */
  readonly heardBefore: ReadonlyMap<string, number>;
}

/**
 * One visit of a page with a reporter in a room: it hears the agent's track, and says where in which response the sound
 * stands. The real one finds the responses by their sound; this one is given the truth: samples arrive in the order of
 * the announcements, and `end` and `clear` say how many there are of each.
 */
export class ReporterPage {
  readonly #port: ReporterPagePort;
  readonly #voice: PageVoice;
  readonly #seen = new Set<number>();
  #responses: PlayedResponse[] = [];
  readonly #over = new Set<string>();
  /** What sounded before the announcement of its response came: the network had held that back. */
  #unannounced: { readonly samples: number; readonly atMs: number }[] = [];
  /** A `clear` has come, and no response after it. */
  #wasCut = false;
  /** The last sample of the track sounded then. */
  #soundedUntilMs = Number.NEGATIVE_INFINITY;
  #isGone = false;
  #next: ReporterPage | undefined;
  #sinceReportMs = 0;

  constructor(port: ReporterPagePort) {
    this.#port = port;
    this.#voice = new PageVoice(port.clock, port.carry);
    this.#voice.hello();
    this.#scheduleReport();
  }

  vanish(): void {
    this.#isGone = true;
  }

  /** Its reporter is closed. The page plays on. */
  close(): void {
    if (!this.#isGone) this.#voice.say({ type: 'bye' });
    this.#isGone = true;
  }

  /** The page says `bye` and `hello`, and plays on. It finds its place in what plays by the sound. */
  visitAnew(): ReporterPage {
    this.close();
    const played = this.#responses.map((one) => [one.responseId, one.played] as const);
    const over = [...this.#over].map((id) => [id, Number.POSITIVE_INFINITY] as const);
    this.#next = new ReporterPage({ ...this.#port, heardBefore: new Map([...over, ...played]) });
    for (const id of this.#over) this.#next.#over.add(id);
    return this.#next;
  }

  /** The visit that plays now what was on its way to this one. */
  get latest(): ReporterPage {
    return this.#next?.latest ?? this;
  }

  /** The page has muted the agent's elements. The reporter hears the track all the same, and goes on reporting. */
  setMuted(isMuted: boolean): void {
    this.#voice.audibility(isMuted ? 'muted' : 'listening', this.#port.clock.nowMs());
  }

  /** A packet of the agent. Most come twice. */
  receive(text: string): void {
    const parsed = parseAgentMessage(text);
    if (!parsed.ok) throw new TypeError(`the agent sent what is no message: ${text}`);
    const { seq } = parsed.message as AgentMessage & AgentEnvelope;
    if (this.#isGone || (seq !== undefined && this.#seen.has(seq))) return;
    if (seq !== undefined) this.#seen.add(seq);
    this.#follow(parsed.message);
  }

  /**
   * A block of the track sounds.
   *
   * @param isLost - it would have: its packets did not come. As soon as the reporter finds the response again, it takes its
   *   place from there, also for what was lost before.
   */
  sounds(block: Int16Array, atMs: number, isLost: boolean): void {
    // Silence fills the last block of a response.
    const samples = block.filter((sample) => sample !== 0).length;
    const fromMs = atMs + ((block.length - samples) * 1000) / SAMPLE_RATE_HZ;
    const isUnbroken = fromMs - this.#soundedUntilMs < TICK_MS;
    if (samples > 0) this.#soundedUntilMs = atMs + (block.length * 1000) / SAMPLE_RATE_HZ;
    const rest = this.#playInOrder(samples, fromMs, isLost);
    // The agent counts what had left at a cut with an error of two ticks. What sounds on is no new response.
    if (rest > 0 && !(isUnbroken && this.#isCutLast))
      this.#unannounced.push({ samples: rest, atMs: fromMs });
  }

  get #isCutLast(): boolean {
    return this.#wasCut && this.#responses.every(({ isCut }) => isCut);
  }

  /** @returns How many samples belong to no response that is known. */
  #playInOrder(samples: number, fromMs: number, isLost: boolean): number {
    let rest = samples;
    for (const response of this.#responses) {
      if (response.isCut && response.total === response.played) continue;
      const room = (response.total ?? Number.POSITIVE_INFINITY) - response.played;
      const taken = Math.min(rest, room);
      const soundsAtMs = fromMs + ((samples - rest) * 1000) / SAMPLE_RATE_HZ;
      if (taken > 0) response.play(taken, soundsAtMs, isLost);
      rest -= taken;
      if (rest === 0) break;
    }
    return rest;
  }

  /** What sounded unannounced was not looked for: it is in no report until the response is found again. */
  #placeUnannounced(): void {
    const sounded = this.#unannounced;
    this.#unannounced = [];
    for (const { samples, atMs } of sounded) this.#playInOrder(samples, atMs, true);
  }

  #follow(message: AgentMessage): void {
    switch (message.type) {
      case 'welcome':
        this.#voice.hello();
        return;
      // An announcement may come after what it announces.
      case 'announce':
      case 'fingerprint':
        this.#known(message.responseId);
        return;
      case 'end': {
        const ended = this.#known(message.responseId);
        if (!ended.isCut) ended.total = message.totalSamples;
        return;
      }
      case 'clear':
        this.#clear(message.left);
        return;
      case 'ping':
        this.#voice.pong(message.pingId);
        return;
      case 'pause':
      case 'resume':
        return;
    }
  }

  /** Of the response that was leaving, so much has left; of those after it, nothing. */
  #clear(left: { readonly responseId: string; readonly samples: number } | undefined): void {
    this.#wasCut = true;
    const place = this.#responses.findIndex(({ responseId }) => responseId === left?.responseId);
    for (const [index, response] of this.#responses.entries()) {
      if (index < place) continue;
      if (index === place && response.total === left?.samples) continue;
      response.isCut = true;
      response.total = index === place ? (left?.samples ?? 0) : response.played;
    }
  }

  #known(responseId: string): PlayedResponse {
    const known = this.#responses.find((one) => one.responseId === responseId);
    if (known) return known;
    const heardBefore = this.#port.heardBefore.get(responseId) ?? 0;
    const response = new PlayedResponse(responseId, heardBefore, this.#port.clock.nowMs());
    // What was heard to its end before is not expected again.
    if (!this.#over.has(responseId)) this.#responses.push(response);
    this.#wasCut = false;
    // When all messages that were held back with it have come.
    this.#port.clock.schedule(0, () => this.#placeUnannounced());
    return response;
  }

  #scheduleReport(): void {
    this.#port.clock.schedule(TICK_MS, () => {
      if (this.#isGone) return;
      this.#report(this.#port.clock.nowMs());
      this.#scheduleReport();
    });
  }

  /** A start is reported when it is found, an end when it has sounded, and between them every 50 ms. */
  #report(nowMs: number): void {
    this.#sinceReportMs += TICK_MS;
    const isDue = this.#sinceReportMs >= REPORT_EVERY_MS;
    if (isDue) this.#sinceReportMs = 0;
    for (const response of this.#responses) {
      const isOver = response.isOverAt(nowMs);
      const isFound =
        response.hasSoundedFor(FINDS_AFTER_MS, nowMs) &&
        !response.hasSoundedFor(FINDS_AFTER_MS, nowMs - TICK_MS);
      const isPlaying = isDue && response.hasSoundedFor(FINDS_AFTER_MS, nowMs);
      if (!response.wasFound || !(isOver || isFound || isPlaying)) continue;
      const report = response.reportAt(nowMs, ERROR_BOUND_MS);
      if (report) this.#voice.report(report);
    }
    for (const { responseId } of this.#responses.filter((one) => one.isOverAt(nowMs)))
      this.#over.add(responseId);
    this.#responses = this.#responses.filter(({ responseId }) => !this.#over.has(responseId));
  }
}
