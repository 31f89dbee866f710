import type { MadeWord } from './words_tts.ts';
import { SAMPLE_RATE_HZ } from './words_tts.ts';

/** A word that sounded, or a part of it. */
export interface SoundedWord {
  readonly word: MadeWord;
  readonly fromMs: number;
  readonly untilMs: number;
  /** All of its samples sounded. */
  readonly isWhole: boolean;
}

/** A stretch of one level, as it sounded. */
interface Run {
  readonly level: number;
  readonly fromMs: number;
  samples: number;
}

/** The listener's ear: keeps what sounded and when. It knows nothing of Oncue or LiveKit. */
export class Ear {
  readonly #runs: Run[] = [];

  /** Samples that sound from an instant on. */
  hear(samples: Int16Array, atMs: number): void {
    for (let place = 0; place < samples.length; place += 1) {
      const level = samples[place] ?? 0;
      if (level !== 0) this.#hearOne(level, atMs + (place * 1000) / SAMPLE_RATE_HZ);
    }
  }

  /** The words that sounded, in the order in which they did. */
  words(made: readonly MadeWord[]): SoundedWord[] {
    const byLevel = new Map(made.map((word) => [word.level, word]));
    const sounded = new Map<
      number,
      { word: MadeWord; fromMs: number; untilMs: number; samples: number }
    >();
    for (const { level, fromMs, samples } of this.#runs) {
      const word = byLevel.get(level);
      if (!word) throw new Error(`something sounded that no voice made: level ${level}`);
      const untilMs = fromMs + (samples * 1000) / SAMPLE_RATE_HZ;
      const before = sounded.get(level);
      if (before) Object.assign(before, { untilMs, samples: before.samples + samples });
      else sounded.set(level, { word, fromMs, untilMs, samples });
    }
    return [...sounded.values()].map(({ samples, ...one }) => ({
      ...one,
      isWhole: samples >= one.word.samples,
    }));
  }

  /** Whether anything sounded at an instant. */
  isAudibleAt(atMs: number): boolean {
    return this.#runs.some(
      ({ fromMs, samples }) => atMs >= fromMs && atMs < fromMs + (samples * 1000) / SAMPLE_RATE_HZ,
    );
  }

  #hearOne(level: number, atMs: number): void {
    const last = this.#runs.at(-1);
    const sampleMs = 1000 / SAMPLE_RATE_HZ;
    const continues =
      last?.level === level && atMs - (last.fromMs + last.samples * sampleMs) < sampleMs / 2;
    if (last && continues) last.samples += 1;
    else this.#runs.push({ level, fromMs: atMs, samples: 1 });
  }
}
