import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { MonitorRecorder, startSoundSink } from '@oncue/testbed';
import { countOf } from '../../../scripts/run_with_usage.mjs';
import {
  DEVICE_NOTE,
  type DeviceRow,
  type Judged,
  printDeviceRows,
} from '../shared/device_rows.ts';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { printFigures } from '../shared/print_table.ts';
import { seededRandom } from '../shared/random.ts';
import { learnSpeech, ReplayTTS } from '../shared/replay_tts.ts';
import { PlayerRun, type Told } from './player_run.ts';
import { openPlayerStage, playerBrowser } from './stage.ts';
import { atDevice, type Sounded } from './truth.ts';

const SEED = 4213;

/** Fast enough that the whole takes about three minutes. */
const VOICE_SPEED = 1.5;

const RECORDER_STARTS_MS = 500;

/** Share of the responses that are cut. */
const CUT_SHARE = 1 / 4;

const TEXTS = [
  'The next train to the harbour leaves at nine.',
  'I found three tables for tonight.',
  'Your parcel went out this morning, and it is on its way.',
  'There is some rain on the way, so take the bus.',
  'Hold the line, I am looking for it.',
];

/** Starts and ends that the player of a page reports, against the recorded sound device: in Chromium, Firefox or WebKitGTK. */
export async function playerBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      browser: { type: 'string', default: 'chromium' },
      responses: { type: 'string', default: '60' },
    },
  });
  const browser = playerBrowser(values.browser);
  const count = countOf(values.responses);
  initializeLogger({ pretty: false, level: 'error' });
  const speaker = new ReplayTTS({ speed: VOICE_SPEED }, 'at_once');
  const known: KnownSpeech[] = [];
  for (const text of TEXTS) known.push(await learnSpeech(speaker, text));
  const sink = await startSoundSink();
  const stage = await openPlayerStage(browser, sink);
  try {
    const run = await PlayerRun.start(stage.listener, speaker, seededRandom(SEED));
    // A first response that does not count: the device starts, and code is compiled on both sides.
    await run.say(known[0] as KnownSpeech, false);
    const recorder = await MonitorRecorder.start(sink);
    // The first readings of the recorder come with the first part of its audio.
    await delay(RECORDER_STARTS_MS);
    const told: Told[] = [];
    for (let index = 0; index < count; index += 1)
      told.push(await run.say(known[index % known.length] as KnownSpeech, false));
    for (let index = 0; index < count * CUT_SHARE; index += 1)
      told.push(await run.say(known[index % known.length] as KnownSpeech, true));
    const recorded = recorder.stop();
    await run.close();
    print(browser, told, atDevice(told, recorded));
  } finally {
    await stage.close();
    await sink.stop();
    await speaker.close();
    await dispose();
  }
}

function print(browser: string, told: readonly Told[], sounded: readonly Sounded[]): void {
  const rows: DeviceRow[] = [
    { name: 'first', label: 'startedAtMs, first told', judged: sounded.flatMap(firstOf) },
    { name: 'started', label: 'startedAtMs', judged: sounded.flatMap(startOf) },
    { name: 'ended', label: 'endedAtMs', judged: sounded.flatMap((one) => endOf(one, false)) },
    { name: 'ended_cut', label: '  of a cut', judged: sounded.flatMap((one) => endOf(one, true)) },
  ];
  const figures = printDeviceRows(browser, rows);
  const heard = told.filter(({ finish }) => finish && finish.heardMs > 0);
  const missing = sounded.filter(({ told: { starts } }) => starts.length === 0).length;
  const twice = told.filter(({ starts }) => starts.length > 1).length;
  const isFound = new Set(sounded.map((one) => one.told));
  const notFound = heard.filter((one) => !isFound.has(one)).length;
  console.log(
    `\n  Starts missing ${missing}, told twice ${twice}; told as heard and not found in the recording ${notFound}, of ${told.length}. ` +
      `Load ${loadavg()[0]?.toFixed(1)}.\n  No constant is taken off.${DEVICE_NOTE}`,
  );
  printFigures('player', { ...figures, missing, twice, notFound, told: told.length });
}

function firstOf({ told, startMs }: Sounded): Judged[] {
  const [first] = told.starts;
  return first && !told.isCut ? [judged(first, startMs)] : [];
}

function startOf({ told, startMs }: Sounded): Judged[] {
  return told.start && !told.isCut ? [judged(told.start, startMs)] : [];
}

function endOf({ told, stoppedMs }: Sounded, isCut: boolean): Judged[] {
  return told.finish && told.isCut === isCut ? [judged(told.finish, stoppedMs)] : [];
}

function judged(
  { atMs, errorBoundMs }: { readonly atMs: number; readonly errorBoundMs: number },
  truthMs: number,
): Judged {
  return { reportedMs: atMs, errorBoundMs, truthMs };
}
