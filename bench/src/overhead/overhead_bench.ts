import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import { learnSpeech, ReplayTTS } from '../shared/replay_tts.ts';
import { orderOf, type Pair, type Speaking, startSpeaking, type With } from './pair.ts';
import { printOverhead } from './print_overhead.ts';
import { profile } from './profile.ts';

const FIRST_AUDIO_PAIRS = 48;
const FIRST_AUDIO_WARM_UPS = 4;
const CPU_ROUNDS = 5;
const PROFILE_TURNS = 2;
const MEMORY_ROUNDS = 4;
const SESSIONS_AT_ONCE = 8;

/** Fast enough that the whole takes less than three minutes; the processor's work for a frame is the same. */
const VOICE_SPEED = 1.5;

const SHORT = 'All done. ';
/** Three responses, about 8 s of speech without a pause. */
const LONG = [
  'The next train to the harbour leaves at nine from the platform on your left. ',
  'I found three tables for tonight. The one by the window is the quiet one. ',
  'Your parcel went out this morning. It should be with you before the weekend. ',
];

/** What Oncue costs: the same agent, speech and device with it and without it, alternating in one process. */
export async function overheadBench(): Promise<void> {
  initializeLogger({ pretty: false, level: 'error' });
  const speaker = new ReplayTTS({ speed: VOICE_SPEED }, 'at_once');
  let speechMs = 0;
  await learnSpeech(speaker, SHORT);
  for (const text of LONG) {
    const { samples } = await learnSpeech(speaker, text);
    speechMs += (samples.length * 1000) / SAMPLE_RATE_HZ;
  }
  const sides = {
    oncue: await startSpeaking('oncue', speaker),
    plain: await startSpeaking('plain', speaker),
  };
  for (let round = 0; round < FIRST_AUDIO_WARM_UPS; round += 1)
    await pairOf(round, firstAudio(sides));

  const firstAudioMs = await pairsOf(FIRST_AUDIO_PAIRS, firstAudio(sides));
  console.error('first audio done');
  const cpuMs = await pairsOf(CPU_ROUNDS, cpu(sides));
  console.error('processor time done');
  const shares = await profile(async () => {
    for (let turn = 0; turn < PROFILE_TURNS; turn += 1) await sides.oncue.speak(LONG);
  });
  await sides.oncue.close();
  await sides.plain.close();
  const heapBytes = await pairsOf(MEMORY_ROUNDS, heapOf(speaker));
  await speaker.close();
  printOverhead({ firstAudioMs, cpuMs, speechMs, shares, heapBytes });
  await dispose();
}

type Measure = (kind: With) => Promise<number>;

async function pairOf(round: number, measure: Measure): Promise<Pair> {
  const pair = { oncue: Number.NaN, plain: Number.NaN };
  for (const kind of orderOf(round)) pair[kind] = await measure(kind);
  return pair;
}

async function pairsOf(count: number, measure: Measure): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < count; round += 1) pairs.push(await pairOf(round, measure));
  return pairs;
}

function firstAudio(sides: Readonly<Record<With, Speaking>>): Measure {
  return (kind) => sides[kind].speak([SHORT]);
}

/** Processor time of the whole process while one side speaks. */
function cpu(sides: Readonly<Record<With, Speaking>>): Measure {
  return async (kind) => {
    const before = process.cpuUsage();
    await sides[kind].speak(LONG);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}

/** By how much the heap grows for each session that has spoken once and stays open. */
function heapOf(speaker: ReplayTTS): Measure {
  const collect = garbageCollector();
  return async (kind) => {
    collect();
    const before = process.memoryUsage().heapUsed;
    const sessions = await Promise.all(
      Array.from({ length: SESSIONS_AT_ONCE }, () => startSpeaking(kind, speaker)),
    );
    await Promise.all(sessions.map((one) => one.speak([SHORT, SHORT])));
    collect();
    const bytes = (process.memoryUsage().heapUsed - before) / SESSIONS_AT_ONCE;
    await Promise.all(sessions.map((one) => one.close()));
    return bytes;
  };
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
