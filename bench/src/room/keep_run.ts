import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { type RecordingParts, RoomRecording } from '../shared/truth/recording.ts';
import type { NetworkRun } from './network_run.ts';

/** Texts stand for their speech. */
const speechToText = (key: string, value: unknown): unknown =>
  key === 'responses' ? (value as readonly KnownSpeech[]).map(({ text }) => text) : value;

/** Writes the results of a run into two files, so that it can be scored again without being run again. */
export async function keepRun(folder: string, run: NetworkRun): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { samples, ...recording } = run.recording.parts;
  await writeFile(join(folder, `${run.name}.pcm`), samples);
  const device = run.device?.parts;
  if (device) await writeFile(join(folder, `${run.name}.device.pcm`), device.samples);
  const kept = { ...run, recording, device: device && { ...device, samples: undefined } };
  const rest = JSON.stringify(kept, speechToText);
  await writeFile(join(folder, `${run.name}.json`), rest);
}

export async function readKeptRun(
  folder: string,
  name: string,
  known: readonly KnownSpeech[],
): Promise<NetworkRun> {
  const textToSpeech = (key: string, value: unknown): unknown =>
    key === 'responses'
      ? (value as readonly string[]).map((text) => known.find((one) => one.text === text))
      : value;
  const run = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'), textToSpeech);
  const recording = await readRecording(join(folder, `${name}.pcm`), run.recording);
  if (!run.device) return { ...run, name, recording };
  const device = await readRecording(join(folder, `${name}.device.pcm`), run.device);
  return { ...run, name, recording, device };
}

async function readRecording(
  file: string,
  parts: Omit<RecordingParts, 'samples'>,
): Promise<RoomRecording> {
  const samples = new Int16Array(new Uint8Array(await readFile(file)).buffer);
  return new RoomRecording({ ...parts, samples });
}
