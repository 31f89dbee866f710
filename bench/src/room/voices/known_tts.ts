import { SAMPLE_RATE_HZ, type SpokenPiece } from '@oncue/embedded';
import type { KnownSpeech } from '../../shared/find_speech.ts';
import { ReplayTTS } from '../../shared/replay_tts.ts';

/** Says what each text is known to sound like. */
export class KnownTTS extends ReplayTTS {
  override label: string = 'bench.KnownTTS';
  readonly #byText: ReadonlyMap<string, KnownSpeech>;

  constructor(known: readonly KnownSpeech[]) {
    super({}, 'at_once');
    this.#byText = new Map(known.map((one) => [one.text.trim(), one]));
  }

  protected override async make(text: string): Promise<SpokenPiece | undefined> {
    const samples = this.#byText.get(text.trim())?.samples;
    if (!samples) throw new Error(`nobody knows what "${text}" sounds like`);
    const endMs = (samples.length * 1000) / SAMPLE_RATE_HZ;
    return { samples, words: [{ text, startMs: 0, endMs }] };
  }
}
