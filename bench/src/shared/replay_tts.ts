import { setTimeout as delay } from 'node:timers/promises';
import { tts, type voice } from '@livekit/agents';
import { type FliteOptions, FliteTTS, SAMPLE_RATE_HZ, type SpokenPiece } from '@oncue/embedded';
import type { KnownSpeech } from './find_speech.ts';

/** Pace of speech from memory: after the time that its synthesis took, or at once. */
export type ReplayPace = 'as_made' | 'at_once';

/**
 * The embedded speech, each sentence made once. Later it comes from memory, so that the processor is free for what is
 * measured, and every response with the same text is the same samples.
 */
export class ReplayTTS extends FliteTTS {
  override label: string = 'bench.ReplayTTS';
  /** Each sentence that was handed out, and when. */
  readonly handedOut: { readonly text: string; readonly atMs: number }[] = [];
  pace: ReplayPace;
  readonly #made = new Map<string, { piece: SpokenPiece | undefined; tookMs: number }>();

  constructor(options: FliteOptions, pace: ReplayPace) {
    super(options);
    this.pace = pace;
  }

  protected override async speak(
    text: string,
    signal: AbortSignal,
  ): Promise<SpokenPiece | undefined> {
    const made = this.#made.get(text);
    if (!made) {
      const fromMs = performance.now();
      const piece = await this.make(text, signal);
      this.#made.set(text, { piece, tookMs: performance.now() - fromMs });
      return piece;
    }
    if (this.pace === 'as_made') await elapsed(made.tookMs, signal);
    if (signal.aborted) return undefined;
    this.handedOut.push({ text, atMs: performance.now() });
    return made.piece;
  }

  /** Speaks a sentence for the first time. */
  protected make(text: string, signal: AbortSignal): Promise<SpokenPiece | undefined> {
    return super.speak(text, signal);
  }
}

/** Ends at once when it is aborted, as the real synthesis does: LiveKit waits for it after a cut. */
async function elapsed(delayMs: number, signal: AbortSignal): Promise<void> {
  await delay(delayMs, undefined, { signal }).catch(() => {});
}

/** Synthesises a text, and keeps its samples. */
export async function learnSpeech(speaker: tts.TTS, text: string): Promise<KnownSpeech> {
  const stream = speaker.stream();
  stream.pushText(text);
  stream.flush();
  stream.endInput();
  const chunks: Int16Array[] = [];
  const words: { text: string; endSamples: number }[] = [];
  for await (const audio of stream) {
    if (audio === tts.SynthesizeStream.END_OF_STREAM) continue;
    chunks.push(audio.frame.data);
    words.push(...(audio.timedTranscripts ?? []).map(wordOf));
  }
  return { text, samples: joined(chunks), words };
}

function wordOf(word: voice.TimedString): { text: string; endSamples: number } {
  return { text: word.text, endSamples: Math.round((word.endTime ?? 0) * SAMPLE_RATE_HZ) };
}

function joined(chunks: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let place = 0;
  for (const chunk of chunks) {
    all.set(chunk, place);
    place += chunk.length;
  }
  return all;
}
