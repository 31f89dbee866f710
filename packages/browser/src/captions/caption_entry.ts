import type { CaptionMessage, CaptionOutcome } from '@oncue/core/wire';
import { NEVER } from '../shared/never.ts';
import type { HeardResponse, HeardStatus, PassedPart, SpokenWord } from './captions_api.ts';

type Shared<T extends CaptionMessage['type']> = Extract<CaptionMessage, { readonly type: T }>;

/** Everything known of one response: what the agent has shared, and what this page heard of it. Pure. */
export class CaptionEntry {
  readonly id: string;
  sampleRateHz: number | undefined;
  #ref: Pick<HeardResponse, 'turnId' | 'index' | 'segmentId' | 'metadata'> = {};
  #text = '';
  #isTextComplete = false;
  #words: readonly SpokenWord[] = [];
  #heardSamples = 0;
  #isMuted: boolean;
  /** What passed while this page was muted, in samples: from, to, from, to, … */
  readonly #muted: number[] = [];
  /** What this page hears of it. */
  #ear: 'queued' | 'playing' | 'ended' | 'cut' = 'queued';
  #outcome: CaptionOutcome | undefined;
  #snapshot: HeardResponse | undefined;

  constructor(id: string, isMuted: boolean) {
    this.id = id;
    this.#isMuted = isMuted;
  }

  get isPlaying(): boolean {
    return this.#ear === 'playing' && !this.#outcome;
  }

  get isOver(): boolean {
    return this.#outcome !== undefined || this.#ear === 'ended' || this.#ear === 'cut';
  }

  get heardMs(): number {
    return (this.#heardSamples * 1000) / (this.sampleRateHz ?? NEVER);
  }

  get heardSamples(): number {
    return this.#heardSamples;
  }

  /** Immutable, and the same object until something has changed. */
  get snapshot(): HeardResponse {
    this.#snapshot ??= this.#makeSnapshot();
    return this.#snapshot;
  }

  /** @returns Whether it changed anything. */
  take(message: CaptionMessage): boolean {
    switch (message.type) {
      case 'response':
        this.#takeRef(message);
        break;
      case 'text':
        if (!this.#takeText(message)) return false;
        break;
      case 'words':
        if (!this.#takeWords(message)) return false;
        break;
      case 'mark':
        // `followMarks` takes it.
        return false;
      case 'outcome':
        if (this.#outcome) return false;
        this.#outcome = message;
        this.#heardSamples = Math.max(this.#heardSamples, message.heardSamples);
        break;
    }
    this.#snapshot = undefined;
    return true;
  }

  /** It sounds in this page, or has ended there. @returns Whether that is new. */
  hear(phase: 'playing' | 'ended' | 'cut', heardSamples: number): boolean {
    if (this.isOver) return false;
    const isNew = this.#ear !== phase;
    this.#ear = phase;
    this.#advance(heardSamples);
    // The last report says how much it was; those before it may have counted on what was then cut.
    if (phase !== 'playing') this.#heardSamples = heardSamples;
    if (isNew) this.#snapshot = undefined;
    return isNew;
  }

  /** So much of it has sounded. Never goes back. */
  moveTo(heardSamples: number): void {
    if (!this.isOver) this.#advance(heardSamples);
  }

  /** From now on it passes unheard, or is heard again. */
  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    if (this.isPlaying) this.#snapshot = undefined;
  }

  #advance(heardSamples: number): void {
    const from = this.#heardSamples;
    if (heardSamples <= from) return;
    const before = this.#wordsHeard();
    this.#heardSamples = heardSamples;
    if (this.#wordsHeard() !== before) this.#snapshot = undefined;
    if (!this.#isMuted) return;
    if (this.#muted.at(-1) === from) this.#muted.pop();
    else this.#muted.push(from);
    this.#muted.push(heardSamples);
  }

  #takeRef({ turnId, index, sampleRateHz, segmentId, metadata }: Shared<'response'>): void {
    this.sampleRateHz = sampleRateHz;
    this.#ref = { turnId, index, ...(segmentId && { segmentId }), ...(metadata && { metadata }) };
  }

  #takeText({ atChar, text, isComplete }: Shared<'text'>): boolean {
    // A piece before it was lost: text that has a hole is worse than text that ends.
    if (atChar > this.#text.length) return false;
    this.#text = this.#text.slice(0, atChar) + text;
    this.#isTextComplete = isComplete;
    return true;
  }

  #takeWords({ fromWord, timedWords, words }: Shared<'words'>): boolean {
    if (fromWord > this.#words.length) return false;
    const all: Omit<SpokenWord, 'isEstimated'>[] = this.#words.slice(0, fromWord);
    for (let at = 0; at < words.length; at += 3) {
      const [start = 0, end = 0, endSamples = 0] = words.slice(at, at + 3);
      all.push({ start, end, endSamples });
    }
    this.#words = all.map((word, place) => ({ ...word, isEstimated: place >= timedWords }));
    return true;
  }

  #makeSnapshot(): HeardResponse {
    const { reason } = this.#outcome ?? {};
    const passed = this.#passed();
    const heard = passed.map(({ text, isHeard }) => (isHeard ? text : '')).join('');
    return {
      id: this.id,
      status: this.#status(),
      text: this.#text,
      isTextComplete: this.#isTextComplete,
      words: this.#words,
      // Without the space before its first word, if that is not the first one of the text.
      heardText: passed[0]?.isHeard ? heard : heard.trimStart(),
      passed,
      heardWords: this.#wordsHeard(),
      isMuted: this.#isMuted && this.isPlaying,
      ...this.#ref,
      ...(reason && { skipReason: reason }),
    };
  }

  /** The agent's word counts most: it knows of other listeners, and of a voice that failed. */
  #status(): HeardStatus {
    if (this.#outcome) return this.#outcome.outcome;
    if (!this.isOver) return this.#ear as 'queued' | 'playing';
    // The last end, less the last start, and so on.
    const mutedSamples = this.#muted.reduce((sum, at) => at - sum, 0);
    if (this.#heardSamples <= mutedSamples) return 'skipped';
    if (this.#ear === 'cut') return 'cut';
    return mutedSamples > 0 ? 'partly_heard' : 'heard';
  }

  #wordsHeard(): number {
    const { heardChars } = this.#outcome ?? {};
    const next = this.#words.findIndex(({ end, endSamples }) =>
      heardChars === undefined ? endSamples > this.#heardSamples : end > heardChars,
    );
    return next < 0 ? this.#words.length : next;
  }

  #passed(): readonly PassedPart[] {
    const count = this.#wordsHeard();
    const isAll = this.#ear === 'ended' && this.#isTextComplete && count === this.#words.length;
    const ownChars = isAll ? this.#text.length : (this.#words[count - 1]?.end ?? 0);
    const { heardChars, unheardChars = [] } = this.#outcome ?? {};
    const unheard = heardChars === undefined ? this.#mutedChars() : unheardChars;
    const parts: PassedPart[] = [];
    let at = 0;
    // A part that begins later takes nothing away.
    for (const [place, to] of [...unheard, NEVER].entries()) {
      const text = this.#text.slice(at, Math.min(to, heardChars ?? ownChars));
      if (text) parts.push({ at, text, isHeard: place % 2 === 0 });
      at = to;
    }
    return parts;
  }

  /** The words that passed while this page was muted, as `unheardChars` of an outcome. One that was heard in part was not heard. */
  #mutedChars(): number[] {
    const chars: number[] = [];
    let [fromChar, fromSample] = [0, 0];
    for (const { end, endSamples } of this.#words) {
      const isIn = (to: number, place: number): boolean =>
        place % 2 > 0 && to > fromSample && (this.#muted[place - 1] as number) < endSamples;
      if (this.#muted.some(isIn)) {
        if (chars.at(-1) === fromChar) chars.pop();
        else chars.push(fromChar);
        chars.push(end);
      }
      [fromChar, fromSample] = [end, endSamples];
    }
    return chars;
  }
}
