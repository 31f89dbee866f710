import type {
  AgentMs,
  Clock,
  OncueEvent,
  OncueEventOf,
  ResponseId,
  TimelineInput,
  TimelineState,
} from '@oncue/core';
import { responseOf } from '@oncue/core/internal';
import { type CaptionMessage, MAX_CAPTION_MARKS, MAX_CAPTION_TEXT_CHARS } from '@oncue/core/wire';
import type { ShareWithPage } from './share_options.ts';
import { SharedResponse } from './shared_response.ts';

/** Between two bursts of messages. What changes in between is sent together. */
const FLUSH_INTERVAL_MS = 100;

/** Messages in one burst, so at most 80 a second of at most 4 kB, whatever the agent says [CP4]. */
const MOST_IN_BURST = 8;

/** Responses that have ended are kept for a page that joins: what it shows is not empty. */
const OVER_KEPT = 2;

/** So are those that ended while no page answered, up to this many: a page that comes back shows them as under way. */
const MISSED_KEPT = 8;

/** Longer metadata is not shared, in characters of JSON. */
const MAX_METADATA_CHARS = 2000;

/** A mark with a longer name is not shared. */
const MAX_MARK_CHARS = 200;

/** What a feed works with. */
export interface CaptionFeedPort {
  readonly share: Required<ShareWithPage>;
  readonly sampleRateHz: number;
  readonly clock: Clock;
  /** Sends a message to the pages that report; to one of them, if it is named. */
  readonly send: (message: CaptionMessage, to?: string) => void;
  /** Whether any page reports. */
  readonly hasReaders: () => boolean;
  /** What was not shared, and why. */
  readonly refused: (message: string) => void;
}

/** Sends pages what they need for captions: follows the timeline, and sends what has changed, in bounded bursts. */
export class CaptionFeed {
  readonly #port: CaptionFeedPort;
  /** In the order in which they were declared. */
  readonly #responses = new Map<ResponseId, SharedResponse>();
  /** Those that ended while no page answered, until the only page reports anew. */
  #missed: readonly ResponseId[] = [];
  #flushedAtMs: AgentMs | undefined;
  #cancelFlush: (() => void) | undefined;
  #isClosed = false;

  constructor(port: CaptionFeedPort) {
    this.#port = port;
  }

  /** Takes an input of the timeline, with the events that it caused and the state after it. */
  take(input: TimelineInput, events: readonly OncueEvent[], state: TimelineState): void {
    if (this.#isClosed) return;
    let isChanged = false;
    for (const event of events) isChanged = this.#follow(event, state) || isChanged;
    const { text, marks } = this.#port.share;
    if ((text || marks) && 'responseId' in input && changesCaption(input)) {
      const response = responseOf(state, input.responseId);
      const shared = this.#responses.get(input.responseId);
      if (response && shared && !shared.isOver) {
        if (marks && input.type === 'mark_placed')
          this.#placeMark(shared, input.name, input.textOffset ?? response.text.length);
        shared.take(response);
      }
      isChanged = true;
    }
    if (isChanged) this.#flushSoon();
  }

  /** LiveKit's transcript of a response has this id. */
  segment(responseId: ResponseId, segmentId: string): void {
    this.#responses.get(responseId)?.setSegment(segmentId);
    this.#flushSoon();
  }

  /** A page reports from now on: it gets what it has missed. */
  joined(identity: string, isOnlyReader: boolean): void {
    for (const shared of this.#responses.values()) {
      for (const message of shared.snapshot()) this.#port.send(message, identity);
      if (isOnlyReader) shared.noteAllSent();
    }
    if (isOnlyReader) this.#missed = [];
  }

  close(): void {
    this.#flush(Number.POSITIVE_INFINITY);
    this.#isClosed = true;
    this.#cancelFlush?.();
  }

  /** @returns Whether pages are to know. */
  #follow(event: OncueEvent, { audibility, answers }: TimelineState): boolean {
    if (event.type === 'response_declared') {
      this.#declare(event);
      return true;
    }
    if (event.type !== 'response_playback_finished' && event.type !== 'response_skipped')
      return false;
    const ended = this.#responses.get(event.responseId);
    ended?.end(event);
    if (ended?.isTextCut)
      this.#port.refused(
        `of a text only the first ${MAX_CAPTION_TEXT_CHARS} characters are shared; ${event.responseId} has more`,
      );
    if (!answers || audibility === 'silent' || audibility === 'nobody')
      this.#missed = [...this.#missed, event.responseId].slice(-MISSED_KEPT);
    const over = [...this.#responses].filter(([, { isOver }]) => isOver);
    for (const [id, shared] of over.slice(0, -OVER_KEPT)) {
      if (this.#missed.includes(id)) continue;
      // Its last words are due at once, and then it is forgotten.
      for (const message of shared.takeDue(MOST_IN_BURST)) this.#send(message);
      this.#responses.delete(id);
    }
    return true;
  }

  #declare({ responseId, turnId, index, metadata }: OncueEventOf<'response_declared'>): void {
    const { sampleRateHz } = this.#port;
    const shown = this.#sharedMetadata(metadata);
    const ref = { responseId, turnId, index, sampleRateHz, ...(shown ? { metadata: shown } : {}) };
    this.#responses.set(responseId, new SharedResponse(ref, this.#port.share.text));
  }

  #placeMark({ marks }: SharedResponse, name: string, textOffset: number): void {
    if (name.length <= MAX_MARK_CHARS && marks.count < MAX_CAPTION_MARKS)
      marks.place(name, textOffset);
    else
      this.#port.refused(
        `the mark "${name.slice(0, 40)}" is not shared; at most ${MAX_CAPTION_MARKS} of a response are, with names of at most ${MAX_MARK_CHARS} characters`,
      );
  }

  #sharedMetadata(metadata: unknown): Readonly<Record<string, unknown>> | undefined {
    const names = this.#port.share.metadata;
    if (typeof metadata !== 'object' || metadata === null) return undefined;
    const allowed = Object.entries(metadata).filter(([name]) => names.includes(name));
    if (allowed.length === 0) return undefined;
    try {
      const text = JSON.stringify(Object.fromEntries(allowed));
      // A copy: what the application changes later is not sent.
      if (text.length <= MAX_METADATA_CHARS) return JSON.parse(text);
      this.#port.refused(
        `metadata of ${text.length} characters is not shared; at most ${MAX_METADATA_CHARS} are`,
      );
    } catch {
      this.#port.refused('metadata that JSON cannot hold is not shared');
    }
    return undefined;
  }

  /** At once if the last burst is long enough ago. */
  #flushSoon(): void {
    if (this.#cancelFlush || this.#isClosed || !this.#port.hasReaders()) return;
    const { clock } = this.#port;
    const sinceMs = clock.nowMs() - (this.#flushedAtMs ?? Number.NEGATIVE_INFINITY);
    const waitMs = Math.max(0, FLUSH_INTERVAL_MS - sinceMs);
    this.#cancelFlush = clock.schedule(waitMs, () => {
      this.#cancelFlush = undefined;
      this.#flush(MOST_IN_BURST);
    });
  }

  #flush(most: number): void {
    if (!this.#port.hasReaders()) return;
    this.#flushedAtMs = this.#port.clock.nowMs();
    let left = most;
    for (const shared of this.#responses.values()) {
      const due = shared.takeDue(left);
      left -= due.length;
      for (const message of due) this.#send(message);
      if (left > 0) continue;
      this.#flushSoon();
      return;
    }
  }

  #send(message: CaptionMessage): void {
    if (this.#port.hasReaders()) this.#port.send(message);
  }
}

/** Whether an input changes what a caption shows. Audio that is sent does not, until all of it was. */
function changesCaption({ type }: TimelineInput): boolean {
  return ['text_added', 'text_ended', 'words_timed', 'mark_placed', 'audio_ended'].includes(type);
}
