import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type AudioBuffer, mergeFrames, normalizeLanguage, stt } from '@livekit/agents';
import { type AudioFrame, AudioResampler } from '@livekit/rtc-node';
import { EmbeddedError } from '../errors.ts';
import { MoonshineHost } from './moonshine_host.ts';
import { type SplitLimits, splitUtterance } from './split_utterance.ts';

/** Installs the model and its runtime. They take about 250 MB on disk, so they are not a dependency. */
export const MOONSHINE_INSTALL: string = 'npm install --no-save @usefulsensors/moonshine-js@0.1.7';

const PACKAGE = '@usefulsensors/moonshine-js';
const RATE_HZ = 16_000;

/** A shorter utterance holds no words, and the model fails on less than about one frame. */
const LEAST_SAMPLES = RATE_HZ / 10;

/** The model was trained on utterances up to 30 s long. A longer one is divided where it is quiet. */
const SPLIT_LIMITS: SplitLimits = {
  mostSamples: RATE_HZ * 30,
  searchSamples: RATE_HZ * 10,
  windowSamples: RATE_HZ / 20,
};

/** Whether the packages that `MoonshineSTT` needs are installed. */
export function isMoonshineInstalled(): boolean {
  return findEntry() !== undefined;
}

/**
 * Speech to text on this machine with no key, English only: Moonshine tiny in a worker thread.
 *
 * It recognizes whole utterances of any length, those of more than 30 s in parts; an `AgentSession`
 * with a VAD streams them to it. An utterance of 4 s takes about 0.3 s on one x86-64 core.
 */
export class MoonshineSTT extends stt.STT {
  override label: string = 'oncue.MoonshineSTT';
  readonly #host: MoonshineHost;

  /** @throws {EmbeddedError} `EMBEDDED_STT_UNAVAILABLE` when its packages are not installed. */
  constructor() {
    super({ streaming: false, interimResults: false });
    const entry = findEntry();
    if (entry === undefined) {
      throw new EmbeddedError(
        'EMBEDDED_STT_UNAVAILABLE',
        `speech recognition is not installed; run ${MOONSHINE_INSTALL}`,
      );
    }
    this.#host = new MoonshineHost(entry);
  }

  override get model(): string {
    return 'moonshine-tiny';
  }

  override get provider(): string {
    return 'oncue';
  }

  /** Loads the model now, so that the first utterance does not wait for it. */
  prewarm(): void {
    this.#host.start();
  }

  /** @throws {EmbeddedError} `EMBEDDED_STT_FAILED`, `EMBEDDED_CLOSED`. */
  protected override async _recognize(buffer: AudioBuffer): Promise<stt.SpeechEvent> {
    const texts: string[] = [];
    for (const samples of splitUtterance(samplesOf(mergeFrames(buffer)), SPLIT_LIMITS)) {
      if (samples.length >= LEAST_SAMPLES) texts.push(await this.#host.recognize(samples));
    }
    const text = texts.filter((part) => part !== '').join(' ');
    return {
      type: stt.SpeechEventType.FINAL_TRANSCRIPT,
      alternatives: [
        { language: normalizeLanguage('en'), text, startTime: 0, endTime: 0, confidence: 1 },
      ],
    };
  }

  /** @throws {EmbeddedError} Always. A session with a VAD does not call it. */
  override stream(): stt.SpeechStream {
    throw new EmbeddedError(
      'EMBEDDED_STT_UNAVAILABLE',
      'MoonshineSTT recognizes whole utterances; wrap it in stt.StreamAdapter with a VAD',
    );
  }

  override async close(): Promise<void> {
    await this.#host.close();
  }
}

function samplesOf(frame: AudioFrame): Float32Array<ArrayBuffer> {
  const mono = monoAt16kHz(frame);
  const samples = new Float32Array(mono.length);
  for (let index = 0; index < mono.length; index += 1) samples[index] = (mono[index] ?? 0) / 32_768;
  return samples;
}

function monoAt16kHz(frame: AudioFrame): Int16Array {
  if (frame.sampleRate === RATE_HZ && frame.channels === 1) return frame.data;
  const resampler = new AudioResampler(frame.sampleRate, RATE_HZ, frame.channels);
  const parts = [...resampler.push(frame), ...resampler.flush()].map(({ data }) => data);
  const all = new Int16Array(parts.reduce((count, part) => count + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  // Only the first channel is used.
  return all.filter((_sample, index) => index % frame.channels === 0);
}

/** The package's main file, if its model is beside it: other versions do not include the model. */
function findEntry(): string | undefined {
  // Its manifest exports the main file only for `import`, so `require.resolve` cannot find it.
  const folders = createRequire(import.meta.url).resolve.paths(PACKAGE) ?? [];
  return folders
    .map((folder) => path.join(folder, PACKAGE, 'dist'))
    .filter((dist) => existsSync(path.join(dist, 'model/tiny/quantized/encoder_model.onnx')))
    .map((dist) => path.join(dist, 'moonshine.min.js'))
    .at(0);
}
