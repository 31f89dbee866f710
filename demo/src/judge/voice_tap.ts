import { type ReadableStream, TransformStream } from 'node:stream/web';
import type { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';

/** The text and the audio of one run of the agent's `ttsNode`. */
export interface Said {
  text: string;
  readonly chunks: Int16Array[];
  isComplete: boolean;
  /** When the output received the first frame. */
  handedOverAtMs: number | undefined;
}

/**
 * Keeps the exact samples of every response, and when its first frame reached the output.
 *
 * It does not use Oncue: it takes the samples from the speech synthesis, and recognizes a frame at the output by its
 * buffer. So the search of the recording is independent of Oncue.
 */
export class VoiceTap {
  readonly all: Said[] = [];
  readonly #byBuffer = new WeakMap<Int16Array, Said>();

  /** Taps one run of a `ttsNode`. */
  async tap(
    text: AsyncIterable<string>,
    synthesize: (text: AsyncIterable<string>) => Promise<ReadableStream<AudioFrame> | null>,
  ): Promise<ReadableStream<AudioFrame> | null> {
    const said: Said = { text: '', chunks: [], isComplete: false, handedOverAtMs: undefined };
    this.all.push(said);
    const audio = await synthesize(readingText(text, said));
    const readAudio = new TransformStream<AudioFrame, AudioFrame>({
      transform: (frame, controller) => {
        if (said.chunks.length === 0) this.#byBuffer.set(frame.data, said);
        said.chunks.push(frame.data);
        controller.enqueue(frame);
      },
      flush: () => {
        said.isComplete = true;
      },
    });
    return audio?.pipeThrough(readAudio) ?? null;
  }

  /** Notes when each response's first frame reaches the output, which LiveKit's room output reports as the start. */
  watch(output: voice.AudioOutput, nowMs: () => number): void {
    const captureFrame = output.captureFrame.bind(output);
    output.captureFrame = (frame) => {
      const said = this.#byBuffer.get(frame.data);
      if (said) said.handedOverAtMs ??= nowMs();
      return captureFrame(frame);
    };
  }
}

async function* readingText(text: AsyncIterable<string>, said: Said): AsyncGenerator<string> {
  for await (const chunk of text) {
    said.text += chunk;
    yield chunk;
  }
}
