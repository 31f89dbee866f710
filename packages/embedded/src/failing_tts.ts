import { EmbeddedError } from './errors.ts';
import { type FliteOptions, FliteTTS } from './flite/flite_tts.ts';
import type { SpokenPiece } from './flite/spoken_piece.ts';

/** When a `FailingTTS` fails. */
export interface FailingOptions extends FliteOptions {
  /** Called once per sentence, in order, with the text as it was pushed. `true` makes it fail. */
  readonly failWhen: (sentence: string) => boolean;
}

/**
 * A `FliteTTS` that fails on the sentences you choose, to show or test how an agent handles that.
 *
 * It speaks the sentences before the failing one and none after it. LiveKit gets
 * `EMBEDDED_SCRIPTED_FAILURE` as an unrecoverable TTS error, and by default closes the session after
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
        'fails on purpose: failWhen returned true for this sentence; return false to have it spoken',
      );
    }
    return await super.speak(text, signal);
  }
}
