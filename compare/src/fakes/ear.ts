import type { MadeWord } from './words_tts.ts';
import { SAMPLE_RATE_HZ } from './words_tts.ts';

/** A word that was heard, or a part of it. */
export interface SoundedWord {
  readonly word: MadeWord;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly samples: number;
  /** All of its samples were heard. */
  readonly isWhole: boolean;
}

/** A stretch of one level, as it sounded. */
interface Run {
  readonly level: number;
  readonly fromMs: number;
  samples: number;
}

/** A time in which nobody could hear: nobody was there, or he had muted the agent. */
interface DeafTime {
  readonly fromMs: number;
  untilMs: number;
  readonly known: DeafnessKnown;
  readonly why: DeafnessWhy;
}

/** Whether anything that reaches the agent can tell it that nobody hears: his page, his leaving. */
export type DeafnessKnown = 'can_be_known' | 'cannot_be_known';

/**
 * Why nobody hears. To somebody who has muted the agent it plays on. `cut_off`: the network is gone, so nobody can know whether
 * anything came to him.
 */
export type DeafnessWhy = 'gone' | 'muted' | 'cut_off';

const SAMPLE_MS = 1000 / SAMPLE_RATE_HZ;

/** The listener's ear: keeps what sounded and when. It knows nothing of Oncue or LiveKit. */
export class Ear {
  readonly #runs: Run[] = [];
  #lost: Run[] = [];
  #lostUntilMs = 0;
  /** What seemed to be lost, and came later. */
  readonly #heldBack: Run[] = [];
  #deaf: readonly DeafTime[] = [];

  /** Samples that sound from an instant on. */
  hear(samples: Int16Array, atMs: number): void {
    for (let place = 0; place < samples.length; place += 1) {
      const level = samples[place] ?? 0;
      if (level !== 0) this.#hearOne(level, atMs + place * SAMPLE_MS);
    }
  }

  /** From this instant on nobody can hear, whatever sounds. */
  cannotHear(
    fromMs: number,
    known: DeafnessKnown = 'can_be_known',
    why: DeafnessWhy = 'gone',
  ): void {
    if (!this.#deaf.some(({ untilMs }) => untilMs === Number.POSITIVE_INFINITY))
      this.#deaf = [...this.#deaf, { fromMs, untilMs: Number.POSITIVE_INFINITY, known, why }];
  }

  canHear(fromMs: number): void {
    for (const one of this.#deaf) one.untilMs = Math.min(one.untilMs, fromMs);
  }

  /**
   * The ear of somebody in this place who listens: hears what was let out and came to him, unless it can be known that he
   * does not. No agent can know more than this ear.
   */
  ofOneWhoListens(): Ear {
    return this.#withDeaf(this.#deaf.filter(({ known }) => known === 'can_be_known'));
  }

  /** The ear of somebody in this place who has muted nothing: hears what was played to him. */
  ofOneWhoMutesNothing(): Ear {
    return this.#withDeaf(this.#deaf.filter(({ why }) => why !== 'muted'));
  }

  /**
   * The ear of somebody in this place who may hear: also what left for him while his network was gone. What he may have heard is
   * kept, as long as nothing says that he did not.
   */
  ofOneWhoMayHear(): Ear {
    const other = this.ofOneWhoMayHaveHeard();
    other.#runs.push(...this.#heldBack);
    return other;
  }

  /** The same in the end, when it is known of what was only held back. */
  ofOneWhoMayHaveHeard(): Ear {
    const other = this.#withDeaf(this.#deaf.filter(({ why }) => why !== 'cut_off'));
    other.#runs.push(...this.#lost);
    return other;
  }

  /** Samples were sent, and did not come to him: his network was gone. They would have sounded one after the other. */
  lose(samples: Int16Array, atMs: number): void {
    const other = new Ear();
    other.hear(samples, Math.max(atMs, this.#lostUntilMs));
    this.#lost.push(...other.#runs);
    this.#lostUntilMs = Math.max(atMs, this.#lostUntilMs) + samples.length * SAMPLE_MS;
  }

  /** What was sent since an instant was held back, and comes now: from now on he reports whether he hears it. */
  wasHeldBack(fromMs: number): void {
    this.#heldBack.push(...this.#lost.filter((run) => run.fromMs >= fromMs));
    this.#lost = this.#lost.filter((run) => run.fromMs < fromMs);
  }

  /** What is lost and has not had its time by an instant was called back. */
  callBackLost(atMs: number): void {
    const after = { fromMs: atMs, untilMs: Number.POSITIVE_INFINITY };
    this.#lost = this.#lost.flatMap((run) => without(run, after));
    this.#lostUntilMs = atMs;
  }

  /** An ear to which everything comes earlier: it is nearer to what plays. */
  nearerBy(ms: number): Ear {
    const other = new Ear();
    other.#runs.push(...this.#runs.map((run) => ({ ...run, fromMs: run.fromMs - ms })));
    other.#deaf = this.#deaf.map((time) => ({
      ...time,
      fromMs: time.fromMs - ms,
      untilMs: time.untilMs - ms,
    }));
    return other;
  }

  get hasUnknownDeafness(): boolean {
    return this.#deaf.some(({ known }) => known === 'cannot_be_known');
  }

  /**
   * The words that were heard, in the order in which they were.
   *
   * @param others - what to do with sound that no voice made: in a recording, where two voices may lie on each other.
   */
  words(made: readonly MadeWord[], others: 'throw' | 'ignore' = 'throw'): SoundedWord[] {
    const byLevel = new Map(made.map((word) => [word.level, word]));
    const heard = new Map<number, Omit<SoundedWord, 'isWhole'>>();
    for (const { level, fromMs, samples } of this.#heardRuns()) {
      const word = byLevel.get(level);
      if (!word && others === 'ignore') continue;
      if (!word) throw new Error(`something sounded that no voice made: level ${level}`);
      const untilMs = fromMs + samples * SAMPLE_MS;
      const before = heard.get(level);
      if (before) heard.set(level, { ...before, untilMs, samples: before.samples + samples });
      else heard.set(level, { word, fromMs, untilMs, samples });
    }
    return [...heard.values()].map((one) => ({ ...one, isWhole: one.samples >= one.word.samples }));
  }

  /** When each unbroken part of a word began: of a word that is sent again to the next listener, there are two. */
  get beginnings(): readonly number[] {
    return this.#heardRuns().map(({ fromMs }) => fromMs);
  }

  /** Whether anything was heard at an instant. */
  isAudibleAt(atMs: number): boolean {
    return (
      !this.#isDeafAt(atMs) &&
      this.#runs.some(
        ({ fromMs, samples }) => atMs >= fromMs && atMs < fromMs + samples * SAMPLE_MS,
      )
    );
  }

  /** When the last sound before an instant ended; `-Infinity`: there was none. */
  soundedUntil(atMs: number): number {
    const before = this.#heardRuns().filter(({ fromMs }) => fromMs < atMs);
    return Math.max(
      ...before.map(({ fromMs, samples }) => Math.min(atMs, fromMs + samples * SAMPLE_MS)),
    );
  }

  /** How much of the words was heard, ms. What was heard twice, after a reload for one, counts once. */
  heardMs(made: readonly MadeWord[]): number {
    return this.words(made).reduce(
      (sum, { word, samples }) => sum + Math.min(samples, word.samples) * SAMPLE_MS,
      0,
    );
  }

  #withDeaf(deaf: readonly DeafTime[]): Ear {
    const other = new Ear();
    other.#runs.push(...this.#runs);
    other.#lost.push(...this.#lost);
    other.#heldBack.push(...this.#heldBack);
    other.#deaf = deaf;
    return other;
  }

  #isDeafAt(atMs: number): boolean {
    return this.#deaf.some(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs);
  }

  #heardRuns(): readonly Run[] {
    return this.#deaf.reduce<readonly Run[]>(
      (runs, deaf) => runs.flatMap((run) => without(run, deaf)),
      this.#runs,
    );
  }

  #hearOne(level: number, atMs: number): void {
    const last = this.#runs.at(-1);
    const continues =
      last?.level === level && atMs - (last.fromMs + last.samples * SAMPLE_MS) < SAMPLE_MS / 2;
    if (last && continues) last.samples += 1;
    else this.#runs.push({ level, fromMs: atMs, samples: 1 });
  }
}

/** What of a run lies outside a time in which nobody could hear. */
function without(run: Run, { fromMs, untilMs }: Pick<DeafTime, 'fromMs' | 'untilMs'>): Run[] {
  const endMs = run.fromMs + run.samples * SAMPLE_MS;
  if (untilMs <= run.fromMs || fromMs >= endMs) return [run];
  const pieces: Run[] = [];
  const before = Math.round((fromMs - run.fromMs) / SAMPLE_MS);
  if (before > 0) pieces.push({ ...run, samples: before });
  const after = Math.round((endMs - untilMs) / SAMPLE_MS);
  if (after > 0) pieces.push({ level: run.level, fromMs: untilMs, samples: after });
  return pieces;
}
