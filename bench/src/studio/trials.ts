import { setTimeout as delay } from 'node:timers/promises';
import type { voice } from '@livekit/agents';
import type { BenchAgent } from '../shared/bench_agent.ts';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { pick, shuffled } from '../shared/random.ts';
import { SHORT_SENTENCES, spokenAmong, withSpace } from '../shared/sentences.ts';

/** One thing to be said. */
export interface Script {
  readonly responses: readonly KnownSpeech[];
  /** From the first sound to the cut, ms. Left out: it is heard to its end. */
  readonly cutAfterMs?: number;
}

/** The result of a script. All instants are of this process. */
export interface Trial {
  readonly script: Script;
  readonly speechId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly cutAtMs: number | undefined;
}

/** A task of a response that was started. */
export interface TaskStart {
  readonly speechId: string;
  readonly index: number;
  readonly firedAtMs: number;
}

/** The session under test, as the studio made it, and the tasks of its agent that were started. */
export interface Subject {
  readonly session: voice.AgentSession;
  readonly agent: BenchAgent;
  readonly tasks: readonly TaskStart[];
}

const SILENCE_MS = 120;

/** A busy page gets a cut late, and sounds until then. */
const SILENCE_AFTER_CUT_MS = 400;

/** Random phases against the page's timers and the blocks of its output. */
const SILENCE_SPREAD_MS = 60;

/** The run fails if a response is not heard after this long. */
const FIRST_SOUND_MS = 10_000;

export async function runTrial(
  subject: Subject,
  script: Script,
  random: () => number,
): Promise<Trial> {
  const { session, agent } = subject;
  agent.script = script.responses.map(({ text }) => text);
  const fromMs = performance.now();
  const handle = session.generateReply({ userInput: 'go on' });
  let cutAtMs: number | undefined;
  if (script.cutAfterMs !== undefined) {
    await firstSound(subject, handle.id);
    await delay(script.cutAfterMs);
    cutAtMs = performance.now();
    await session.interrupt({ force: true }).await;
  }
  await handle.waitForPlayout();
  const silenceMs = cutAtMs === undefined ? SILENCE_MS : SILENCE_AFTER_CUT_MS;
  await delay(silenceMs + random() * SILENCE_SPREAD_MS);
  return { script, speechId: handle.id, fromMs, toMs: performance.now(), cutAtMs };
}

async function firstSound({ tasks }: Subject, speechId: string): Promise<void> {
  const endMs = performance.now() + FIRST_SOUND_MS;
  while (!tasks.some((task) => task.speechId === speechId)) {
    if (performance.now() > endMs) throw new Error('a response was not heard within 10 s');
    await delay(5);
  }
}

const LONG = [
  'The next train to the harbour leaves at nine from the platform on your left, and it stops at every village on the way.',
  'I found three tables for tonight. The one by the window is the quiet one, the other two are close to the kitchen door.',
  'Your parcel went out this morning. It should be with you before the weekend, unless the mountain road is closed again.',
  'There is some rain on the way, so take the bus, or wait until noon, when the wind will have driven the clouds away.',
  'Once there was a lighthouse keeper who counted ships. Every evening she wrote down how many had passed in the dark.',
  'One night a fog came in that lasted for a week. She could not see a single ship, so she sat still and listened instead.',
];

export const TEXTS: readonly string[] = [...SHORT_SENTENCES, ...LONG].map(withSpace);

/** Half of the responses come directly after another one in turns of three, half after silence. In random order. */
export function startScripts(
  known: readonly KnownSpeech[],
  count: number,
  random: () => number,
): Script[] {
  const short = spokenAmong(known, SHORT_SENTENCES);
  const quarter = Math.ceil(count / 4);
  const turns = Array.from({ length: quarter }, () => shuffled(short, random).slice(0, 3));
  const alone = Array.from({ length: quarter }, () => [pick(short, random)]);
  return shuffled([...turns, ...alone], random).map((responses) => ({ responses }));
}

/** The latest cut, from the first sound: each of the long texts lasts longer at the voice's speed. */
const LATEST_CUT_MS = 3200;

/** The cut falls anywhere in a long response; most fall early, since that keeps the run short. */
export function cutScripts(
  known: readonly KnownSpeech[],
  count: number,
  random: () => number,
): Script[] {
  const long = spokenAmong(known, LONG);
  return Array.from({ length: count }, () => ({
    responses: [pick(long, random)],
    cutAfterMs: random() * random() * LATEST_CUT_MS,
  }));
}
