import { FliteTTS, type SpokenPiece } from '@oncue/embedded';
import { ReplayTTS } from '../replay_tts.ts';

const VOICES = ['slt', 'rms', 'awb', 'kal16'] as const;

/** One voice whose sentences can be asked for. */
class Voice extends FliteTTS {
  say(text: string, signal: AbortSignal): Promise<SpokenPiece | undefined> {
    return this.speak(text, signal);
  }
}

/** Speaks each sentence in one of several voices, always the same for the same sentence. */
export class VoicesTTS extends ReplayTTS {
  override label: string = 'bench.VoicesTTS';
  readonly #voices: readonly Voice[];

  constructor(speed: number) {
    super({ speed }, 'at_once');
    this.#voices = VOICES.map((voice) => new Voice({ voice, speed }));
  }

  override async close(): Promise<void> {
    await Promise.all(this.#voices.map((voice) => voice.close()));
    await super.close();
  }

  protected override async make(
    text: string,
    signal: AbortSignal,
  ): Promise<SpokenPiece | undefined> {
    const sum = [...text].reduce((total, letter) => total + letter.charCodeAt(0), 0);
    return await this.#voices[sum % VOICES.length]?.say(text, signal);
  }
}
