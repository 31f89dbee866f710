import { setTimeout as delay } from 'node:timers/promises';
import type { voice } from '@livekit/agents';
import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import type { BenchAgent } from '../shared/bench_agent.ts';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { pick, shuffled } from '../shared/random.ts';
import { spokenAmong, withSpace } from '../shared/sentences.ts';
import { messageSince } from '../shared/session.ts';

/** One thing to be said. */
export interface Script {
  readonly responses: readonly KnownSpeech[];
  /** From the call to the cut. Left out: it is heard to its end. */
  readonly cutAfterMs?: number;
  /** After it. */
  readonly silenceMs: number;
}

/** What became of a script. Instants of this process. */
export interface Trial {
  readonly script: Script;
  readonly speechId: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** What the chat context keeps of it. */
  readonly message: string;
}

/** What a trial runs on. */
export interface Speaking {
  readonly session: voice.AgentSession;
  readonly agent: BenchAgent;
  /** Told when the user stops speaking, just before the answer. */
  readonly userStopped?: (atMs: number) => void;
}

export async function runTrial(side: Speaking, script: Script): Promise<Trial> {
  const { session, agent } = side;
  agent.script = script.responses.map(({ text }) => text);
  const itemCount = session.history.items.length;
  const fromMs = performance.now();
  side.userStopped?.(fromMs);
  const handle = session.generateReply({ userInput: 'go on' });
  if (script.cutAfterMs !== undefined) {
    await delay(script.cutAfterMs);
    // As the user's voice would; `force` drops the pipeline's own end of it.
    if (!handle.done()) await session.interrupt().await;
  }
  await handle.waitForPlayout();
  await delay(script.silenceMs);
  const message = messageSince(session, itemCount);
  return { script, speechId: handle.id, fromMs, toMs: performance.now(), message };
}

/** Many begin with the same words, and several voices say those. */
const SHORT = [
  'One moment.',
  'One moment, please.',
  'Let me look.',
  'Let me look that up.',
  'Let me see what I can find.',
  'Here it is.',
  'Here is what I found.',
  'The train is late.',
  'The train leaves at nine.',
  'The train is full.',
  'Table for two.',
  'A table for four, then.',
  'It costs nine euros.',
  'It costs a little more.',
  'Yes, of course.',
  'Yes, that works.',
  'All done.',
  'All right.',
  'Anything else?',
  'Anything else for today?',
  'Turn left here.',
  'Turn right at the bridge.',
  'Your seat is free.',
  'Your seat is by the window.',
  'Good to hear.',
  'Good morning.',
  'Sure, I can do that.',
  'Sure, I will call them.',
  'Sure, I found it.',
  'She is on her way.',
];

const LONG = [
  'The next train to the harbour leaves at nine from the platform on your left.',
  'There is some rain on the way, so take the bus, or wait until noon.',
  'Your parcel went out this morning and should be with you before the weekend.',
  'I found three tables for tonight, and the one by the window is the quiet one.',
];

export const TEXTS: readonly string[] = [...SHORT, ...LONG].map(withSpace);

const LEAST_SILENCE_MS = 150;
const MOST_SILENCE_MS = 1500;

/** After a cut, audio that had already been sent still sounds. */
const SILENCE_AFTER_CUT_MS = 1000;

/** Responses of a turn after its first. */
const MOST_AFTER_FIRST = 3;

/** Share of the responses of a turn that repeat the one before. */
const REPEATED_SHARE = 0.2;

/** At least `count` responses: half directly after another in turns of four, half after silence, in random order. */
export function startScripts(
  known: readonly KnownSpeech[],
  count: number,
  random: () => number,
): Script[] {
  const short = spokenAmong(known, SHORT);
  const silenceMs = (): number =>
    LEAST_SILENCE_MS + random() * (MOST_SILENCE_MS - LEAST_SILENCE_MS);
  const turns = Math.ceil(count / 2 / MOST_AFTER_FIRST);
  const sizes = [
    ...Array.from({ length: turns }, () => 1 + MOST_AFTER_FIRST),
    ...Array.from({ length: Math.max(0, Math.ceil(count / 2) - turns) }, () => 1),
  ];
  return shuffled(sizes, random).map((size) => {
    const responses: KnownSpeech[] = [pick(short, random)];
    while (responses.length < size) {
      const last = responses.at(-1);
      responses.push(last && random() < REPEATED_SHARE ? last : pick(short, random));
    }
    return { responses, silenceMs: silenceMs() };
  });
}

/** Before about 300 ms nothing may have sounded yet. */
const FIRST_CUT_MS = 150;
const LAST_CUT_MS = 250;

/** The cut falls anywhere: before the first sound, in the first response, or in the second. */
export function cutScripts(
  known: readonly KnownSpeech[],
  count: number,
  random: () => number,
): Script[] {
  const short = spokenAmong(known, SHORT);
  return Array.from({ length: count }, (_, place) => {
    const long = pick(spokenAmong(known, LONG), random);
    const responses = place % 3 === 2 ? [pick(short, random), long] : [long];
    const spreadMs = responses.reduce((sum, one) => sum + durationMs(one), LAST_CUT_MS);
    const cutAfterMs = FIRST_CUT_MS + random() * (spreadMs - FIRST_CUT_MS);
    return { responses, cutAfterMs, silenceMs: SILENCE_AFTER_CUT_MS };
  });
}

export function durationMs(speech: KnownSpeech): number {
  return (speech.samples.length * 1000) / SAMPLE_RATE_HZ;
}

/** In parts of about `size` responses each. */
export function inBlocks(scripts: readonly Script[], size: number): Script[][] {
  const blocks: Script[][] = [[]];
  let filled = 0;
  for (const script of scripts) {
    if (filled >= size) {
      blocks.push([]);
      filled = 0;
    }
    blocks.at(-1)?.push(script);
    filled += script.responses.length;
  }
  return blocks;
}
