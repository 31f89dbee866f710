import type { CaptionMessage, CaptionOutcome } from '@oncue/core/wire';
import { NEVER } from '../shared/never.ts';
import type { HeardResponse, HeardStatus, PassedPart, SpokenWord } from './captions_api.ts';

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
  /** This page was muted at some time since the last known position, or is muted now. */
  #mayBeMuted: boolean;
  /** What passed while this page was muted, in samples: from, to, from, to, … */
  readonly #muted: number[] = [];
  /** What this page hears of it. */
  #ear: 'queued' | 'playing' | 'ended' | 'cut' = 'queued';
  #outcome: CaptionOutcome | undefined;
  #snapshot: HeardResponse | undefined;

  constructor(id: string, isMuted: boolean) {
    this.id = id;
    this.#isMuted = this.#mayBeMuted = isMuted;
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
      case 'response': {
        const { turnId, index, sampleRateHz, segmentId, metadata } = message;
        this.sampleRateHz = sampleRateHz;
        this.#ref = {
          turnId,
          index,
          ...(segmentId && { segmentId }),
          ...(metadata && { metadata }),
        };
        break;
      }
      case 'text':
        // A piece before it was lost: text that has a hole is worse than text that ends.
        if (message.atChar > this.#text.length) return false;
        this.#text = this.#text.slice(0, message.atChar) + message.text;
        this.#isTextComplete = message.isComplete;
        break;
      case 'words': {
        const { fromWord, timedWords, words } = message;
        if (fromWord > this.#words.length) return false;
        const all: Omit<SpokenWord, 'isEstimated'>[] = this.#words.slice(0, fromWord);
        for (let at = 0; at < words.length; at += 3) {
          const [start, end, endSamples] = words.slice(at, at + 3) as [number, number, number];
          all.push({ start, end, endSamples });
        }
        this.#words = all.map((word, place) => ({ ...word, isEstimated: place >= timedWords }));
        break;
      }
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
    this.moveTo(heardSamples);
    // The last report says how much it was; those before it may have counted on what was then cut.
    if (phase !== 'playing') this.#heardSamples = heardSamples;
    if (isNew) this.#snapshot = undefined;
    return isNew;
  }

  /** So much of it has sounded, and it is not over. Never goes back. */
  moveTo(heardSamples: number): void {
    const from = this.#heardSamples;
    if (heardSamples <= from) return;
    const before = this.#wordsHeard();
    this.#heardSamples = heardSamples;
    if (this.#wordsHeard() !== before) this.#snapshot = undefined;
    if (this.#mayBeMuted) addSpan(this.#muted, from, heardSamples);
    this.#mayBeMuted = this.#isMuted;
  }

  /**
   * From now on it passes unheard, or is heard again.
   *
   * @param soundingId Of which response the position is known at this instant.
   */
  setMuted(isMuted: boolean, soundingId: string | undefined): void {
    this.#isMuted = isMuted;
    // While its position is not known, what passes until the next known one may have passed unheard.
    if (isMuted || soundingId === this.id || (soundingId && !this.isPlaying))
      this.#mayBeMuted = isMuted;
    if (this.isPlaying) this.#snapshot = undefined;
  }

  #makeSnapshot(): HeardResponse {
    const unheard = this.#unheardChars();
    const count = this.#wordsHeard();
    const isAll = this.#ear === 'ended' && this.#isTextComplete && count === this.#words.length;
    const ownChars = isAll ? this.#text.length : (this.#words[count - 1]?.end ?? 0);
    const { heardChars = ownChars, reason } = this.#outcome ?? {};
    const passed: PassedPart[] = [];
    let heardText = '';
    let at = 0;
    // A part that begins later takes nothing away.
    for (const [place, to] of [...unheard, NEVER].entries()) {
      const text = this.#text.slice(at, Math.min(to, heardChars));
      const isHeard = place % 2 === 0;
      if (text) passed.push({ at, text, isHeard });
      if (isHeard) heardText += text;
      at = to;
    }
    // Without the space before its first word, if that is not the first one of the text.
    if (unheard[0] === 0) heardText = heardText.trimStart();
    return {
      id: this.id,
      status: this.#status(count > 0 && !heardText),
      text: this.#text,
      isTextComplete: this.#isTextComplete,
      words: this.#words,
      heardText,
      passed,
      heardWords: count,
      isMuted: this.#isMuted && this.isPlaying,
      ...this.#ref,
      ...(reason && { skipReason: reason }),
    };
  }

  /** The agent's word counts most: it knows of other listeners, and of a voice that failed. */
  #status(isNoWordHeard: boolean): HeardStatus {
    if (this.#outcome) return this.#outcome.outcome;
    if (!this.isOver) return this.#ear as 'queued' | 'playing';
    const heard = this.#heardSamples;
    // The last end, less the last start, and so on; the last report may be behind.
    const mutedSamples = this.#muted.reduce((sum, at) => Math.min(at, heard) - sum, 0);
    if (heard <= mutedSamples) return 'skipped';
    if (this.#ear === 'cut') return 'cut';
    if (mutedSamples === 0) return 'heard';
    return isNoWordHeard ? 'skipped' : 'partly_heard';
  }

  #wordsHeard(): number {
    const { heardChars } = this.#outcome ?? {};
    const next = this.#words.findIndex(({ end, endSamples }) =>
      heardChars === undefined ? endSamples > this.#heardSamples : end > heardChars,
    );
    return next < 0 ? this.#words.length : next;
  }

  /** What was not heard of the text, as `unheardChars` of an outcome. A word that was heard in part was not heard. */
  #unheardChars(): readonly number[] {
    const { heardChars, unheardChars = [] } = this.#outcome ?? {};
    if (heardChars !== undefined) return unheardChars;
    const chars: number[] = [];
    let [fromChar, fromSample] = [0, 0];
    // What follows the last word is one more.
    for (const { end, endSamples } of [...this.#words, { end: NEVER, endSamples: NEVER }]) {
      // A word of no length passes at its end.
      const isIn = (to: number, place: number): boolean =>
        place % 2 > 0 &&
        (to > fromSample || to >= endSamples) &&
        (this.#muted[place - 1] as number) < endSamples;
      if (this.#muted.some(isIn)) addSpan(chars, fromChar, end);
      [fromChar, fromSample] = [end, endSamples];
    }
    return chars;
  }
}

/** Joins it with the span before, if that ends there. */
function addSpan(spans: number[], from: number, to: number): void {
  if (spans.at(-1) === from) spans.pop();
  else spans.push(from);
  spans.push(to);
}
