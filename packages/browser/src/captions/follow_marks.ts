import {
  CAPTION_TOPIC,
  type CaptionEnvelope,
  type CaptionMark,
  parseCaptionMessage,
} from '@oncue/core/wire';
import type { RemoteParticipant, Room } from 'livekit-client';
import type { CaptionReporter } from './captions_api.ts';
import type { CaptionOptions } from './follow_captions.ts';

/** While a response with marks sounds, the page looks this often where its playhead is: reports come less often. */
const MARK_CHECK_MS = 10;

/** The latest responses are kept. */
const RESPONSES_KEPT = 50;

/** A mark of a response was reached in this page. */
export interface ReachedMark {
  readonly responseId: string;
  /** What the agent called it: `turn.mark(name)`. */
  readonly name: string;
  /** The voice gave no timing for it: its place in the audio is what the usual pace of speech says. */
  readonly isEstimated: boolean;
}

/**
 * Calls `listener` when the words before a mark have sounded in this page [CP12]. The agent must allow it:
 * `shareWithPage: { marks: true }`. For rooms with one agent.
 *
 * @returns A function that ends it.
 */
export function followMarks(
  room: Room,
  reporter: CaptionReporter,
  listener: (mark: ReachedMark) => void,
  options: CaptionOptions = {},
): () => void {
  const marks = new RoomMarks(reporter, listener);
  const isAgent = options.isAgent ?? ((participant: RemoteParticipant) => participant.isAgent);
  const take = (data: Uint8Array, from?: RemoteParticipant, _kind?: unknown, topic?: string) => {
    if (topic === CAPTION_TOPIC && from && isAgent(from))
      marks.take(new TextDecoder().decode(data));
  };
  room.on('dataReceived', take);
  return () => {
    room.off('dataReceived', take);
    marks.close();
  };
}

interface MarkedResponse {
  /** By number. `null`: it was reached. */
  readonly marks: (CaptionMark | null)[];
  heardSamples: number;
  ear: 'unheard' | 'playing' | 'over';
}

class RoomMarks {
  readonly #reporter: CaptionReporter;
  readonly #listener: (mark: ReachedMark) => void;
  readonly #responses = new Map<string, MarkedResponse>();
  readonly #closers: (() => void)[];
  #latest: CaptionEnvelope | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(reporter: CaptionReporter, listener: (mark: ReachedMark) => void) {
    this.#reporter = reporter;
    this.#listener = listener;
    this.#closers = [
      reporter.on('begin', ({ responseId, heardSamples }) =>
        this.#hear(responseId, heardSamples, 'playing'),
      ),
      reporter.on('report', ({ responseId, heardSamples, phase }) => {
        // As for captions: while it plays, only `playhead` says what has sounded.
        if (phase === 'playing') this.#hear(responseId, 0, phase);
        else this.#hear(responseId, heardSamples, 'over');
      }),
    ];
  }

  take(text: string): void {
    const parsed = parseCaptionMessage(text);
    if (!parsed.ok || parsed.message.type !== 'mark') return;
    const { message } = parsed;
    // A new session of the agent counts its responses anew.
    if (this.#latest && message.epoch !== this.#latest.epoch) this.#responses.clear();
    else if (this.#latest && message.seq <= this.#latest.seq) return;
    this.#latest = message;
    const { marks } = this.#of(message.responseId);
    if (marks[message.mark] !== null) marks[message.mark] = message;
    this.#check();
  }

  close(): void {
    for (const close of this.#closers) close();
    clearTimeout(this.#timer);
  }

  #of(id: string): MarkedResponse {
    const known = this.#responses.get(id);
    if (known) return known;
    const response: MarkedResponse = { marks: [], heardSamples: 0, ear: 'unheard' };
    this.#responses.set(id, response);
    const [oldest = id] = this.#responses.keys();
    if (this.#responses.size > RESPONSES_KEPT) this.#responses.delete(oldest);
    return response;
  }

  /** What is over goes no further, and reaches what had sounded by then. */
  #hear(id: string, heardSamples: number, ear: 'playing' | 'over'): void {
    const response = this.#of(id);
    if (response.ear === 'over') return;
    if (ear === 'over' || heardSamples > response.heardSamples)
      response.heardSamples = heardSamples;
    // What was stopped before its first sample reaches no mark, not even one at its start.
    if (ear === 'playing' || heardSamples > 0) this.#reach(id, response);
    response.ear = ear;
    this.#check();
  }

  /** Looks where the playhead is, and again soon if a mark is still to come. */
  #check(): void {
    clearTimeout(this.#timer);
    const position = this.#reporter.playhead();
    const response = position && this.#responses.get(position.responseId);
    if (!position || response?.ear !== 'playing') return;
    response.heardSamples = Math.max(response.heardSamples, position.heardSamples);
    this.#reach(position.responseId, response);
    if (response.marks.some(Boolean)) this.#timer = setTimeout(() => this.#check(), MARK_CHECK_MS);
  }

  #reach(responseId: string, { marks, heardSamples }: MarkedResponse): void {
    const reached = marks.flatMap((mark) => (mark && mark.atSamples <= heardSamples ? mark : []));
    reached.sort((a, b) => a.atSamples - b.atSamples || a.mark - b.mark);
    for (const { mark, name, isEstimated } of reached) {
      marks[mark] = null;
      this.#listener({ responseId, name, isEstimated });
    }
  }
}
