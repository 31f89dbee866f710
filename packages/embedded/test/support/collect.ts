import { initializeLogger, tts } from '@livekit/agents';

initializeLogger({ pretty: false, level: 'silent' });

/** The output of a stream, joined. */
export interface Collected {
  readonly samples: Int16Array;
  readonly frameLengths: number[];
  readonly finalCount: number;
  readonly isLastFinal: boolean;
  readonly segmentIds: string[];
  readonly endOfStreamCount: number;
  readonly words: { text: string; startMs: number; endMs: number }[];
  readonly text: string;
}

export async function collect(
  stream: AsyncIterable<tts.SynthesizedAudio | typeof tts.SynthesizeStream.END_OF_STREAM>,
): Promise<Collected> {
  const audios: tts.SynthesizedAudio[] = [];
  let endOfStreamCount = 0;
  for await (const audio of stream) {
    if (audio === tts.SynthesizeStream.END_OF_STREAM) endOfStreamCount += 1;
    else audios.push(audio);
  }
  const words = audios
    .flatMap(({ timedTranscripts }) => timedTranscripts ?? [])
    .map(({ text, startTime = Number.NaN, endTime = Number.NaN }) => ({
      text,
      startMs: Math.round(startTime * 1000),
      endMs: Math.round(endTime * 1000),
    }));
  return {
    samples: Int16Array.from(audios.flatMap(({ frame }) => [...frame.data])),
    frameLengths: audios.map(({ frame }) => frame.samplesPerChannel),
    finalCount: audios.filter(({ final }) => final).length,
    isLastFinal: audios.at(-1)?.final ?? false,
    segmentIds: [...new Set(audios.map(({ segmentId }) => segmentId))],
    endOfStreamCount,
    words,
    text: words.map(({ text }) => text).join(''),
  };
}

/** Speaks one text through `stream()`. */
export async function speak(speaker: tts.TTS, text: string): Promise<Collected> {
  const stream = speaker.stream();
  stream.pushText(text);
  stream.endInput();
  return await collect(stream);
}
