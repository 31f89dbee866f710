import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KnownSpeech } from '../shared/find_speech.ts';
import type { NetworkRun } from './network_run.ts';
import { RoomRecording } from './truth/recording.ts';

/** Texts stand for their speech. */
const speechToText = (name: string, value: unknown): unknown =>
  name === 'responses' ? (value as readonly KnownSpeech[]).map(({ text }) => text) : value;

/** Writes the results of a run into two files, so that it can be scored again without being run again. */
export async function keepRun(folder: string, run: NetworkRun): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { samples, ...recording } = run.recording.parts;
  await writeFile(join(folder, `${run.network}.pcm`), samples);
  const rest = JSON.stringify({ ...run, recording }, speechToText);
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
  const bytes = await readFile(join(folder, `${network}.pcm`));
  const samples = new Int16Array(new Uint8Array(bytes).buffer);
  return { ...run, recording: new RoomRecording({ ...run.recording, samples }) };
}
