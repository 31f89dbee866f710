import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type AudioBuffer, mergeFrames, normalizeLanguage, stt } from '@livekit/agents';
import { type AudioFrame, AudioResampler } from '@livekit/rtc-node';
import { EmbeddedError } from '../errors.ts';
import { MoonshineHost } from './moonshine_host.ts';

/** Brings the model and its runtime: some 250 MB on disk, so they are no dependency of this package. */
export const MOONSHINE_INSTALL: string = 'npm install --no-save @usefulsensors/moonshine-js@0.1.7';

const PACKAGE = '@usefulsensors/moonshine-js';
const RATE_HZ = 16_000;

/** Shorter than this nothing is said. The model also fails on less than a frame or so. */
const LEAST_SAMPLES = RATE_HZ / 10;

/** The model was made for utterances; of a longer one the end is recognized. */
const MOST_SAMPLES = RATE_HZ * 30;

/** Whether what `MoonshineSTT` needs is installed. */
export function isMoonshineInstalled(): boolean {
  return findEntry() !== undefined;
}

/**
 * Speech to text on this machine, English only: Moonshine tiny in a worker thread, no key.
 *
 * It recognizes whole utterances; an `AgentSession` with a VAD makes a stream of it. Some 0.3 s for an utterance of 4 s
 * on one x86-64 core.
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

  /** Loads the model now, so that the first utterance need not wait for it. */
  prewarm(): void {
    this.#host.start();
  }

  /** @throws {EmbeddedError} `EMBEDDED_STT_FAILED`, `EMBEDDED_CLOSED`. */
  protected override async _recognize(buffer: AudioBuffer): Promise<stt.SpeechEvent> {
    const samples = samplesOf(mergeFrames(buffer)).slice(-MOST_SAMPLES);
    const text = samples.length < LEAST_SAMPLES ? '' : await this.#host.recognize(samples);
    return {
      type: stt.SpeechEventType.FINAL_TRANSCRIPT,
      alternatives: [
        { language: normalizeLanguage('en'), text, startTime: 0, endTime: 0, confidence: 1 },
      ],
    };
  }

  /** @throws {EmbeddedError} Always: give the session a VAD, and it streams by itself. */
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
  // Of several channels the first is taken.
  return all.filter((_sample, index) => index % frame.channels === 0);
}

/** The package's main file, if its model lies beside it: other versions ship without. */
function findEntry(): string | undefined {
  // Its manifest offers the main file to `import` only, so it is looked for as Node would.
  const folders = createRequire(import.meta.url).resolve.paths(PACKAGE) ?? [];
  return folders
    .map((folder) => path.join(folder, PACKAGE, 'dist'))
    .filter((dist) => existsSync(path.join(dist, 'model/tiny/quantized/encoder_model.onnx')))
    .map((dist) => path.join(dist, 'moonshine.min.js'))
    .at(0);
}
