import { EmbeddedError } from './errors.ts';
import { type FliteOptions, FliteTTS } from './flite/flite_tts.ts';
import type { SpokenPiece } from './flite/spoken_piece.ts';

/** What a `FailingTTS` fails on. */
export interface FailingOptions extends FliteOptions {
  /** Asked once a sentence, in order, with its text as it was pushed. True: this sentence fails. */
  readonly failWhen: (sentence: string) => boolean;
}

/**
 * A `FliteTTS` that fails where it is told to, to show or test what an agent does then.
 *
 * The sentences before the failing one are spoken; nothing after it is. LiveKit gets
 * `EMBEDDED_SCRIPTED_FAILURE` as an unrecoverable TTS error, and by default closes the session at
 * the third in a row.
 */
export class FailingTTS extends FliteTTS {
  override label: string = 'oncue.FailingTTS';
  readonly #failWhen: (sentence: string) => boolean;

  constructor(options: FailingOptions) {
    super(options);
    this.#failWhen = options.failWhen;
  }

  protected override async speak(
    text: string,
    signal: AbortSignal,
  ): Promise<SpokenPiece | undefined> {
    if (this.#failWhen(text)) {
      throw new EmbeddedError(
        'EMBEDDED_SCRIPTED_FAILURE',
        'this sentence was told to fail by failWhen',
      );
    }
    return await super.speak(text, signal);
  }
}
