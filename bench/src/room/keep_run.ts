import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { type RecordingParts, RoomRecording } from '../shared/truth/recording.ts';
import type { NetworkRun } from './network_run.ts';

/** Texts stand for their speech. */
const speechToText = (name: string, value: unknown): unknown =>
  name === 'responses' ? (value as readonly KnownSpeech[]).map(({ text }) => text) : value;

/** Writes the results of a run into two files, so that it can be scored again without being run again. */
export async function keepRun(folder: string, run: NetworkRun): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { samples, ...recording } = run.recording.parts;
  await writeFile(join(folder, `${run.network}.pcm`), samples);
  const device = run.device?.parts;
  if (device) await writeFile(join(folder, `${run.network}.device.pcm`), device.samples);
  const kept = { ...run, recording, device: device && { ...device, samples: undefined } };
  const rest = JSON.stringify(kept, speechToText);
  await writeFile(join(folder, `${run.network}.json`), rest);
}

export async function readKeptRun(
  folder: string,
  network: string,
  known: readonly KnownSpeech[],
): Promise<NetworkRun> {
  const textToSpeech = (name: string, value: unknown): unknown =>
    name === 'responses'
      ? (value as readonly string[]).map((text) => known.find((one) => one.text === text))
      : value;
  const run = JSON.parse(await readFile(join(folder, `${network}.json`), 'utf8'), textToSpeech);
  const recording = await readRecording(join(folder, `${network}.pcm`), run.recording);
  if (!run.device) return { ...run, recording };
  const device = await readRecording(join(folder, `${network}.device.pcm`), run.device);
  return { ...run, recording, device };
}

async function readRecording(
  file: string,
  parts: Omit<RecordingParts, 'samples'>,
): Promise<RoomRecording> {
  const samples = new Int16Array(new Uint8Array(await readFile(file)).buffer);
  return new RoomRecording({ ...parts, samples });
}
