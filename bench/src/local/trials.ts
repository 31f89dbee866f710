import { setTimeout as delay } from 'node:timers/promises';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { pick, shuffled } from '../shared/random.ts';
import { SHORT_SENTENCES, spokenAmong, withSpace } from '../shared/sentences.ts';
import { messageSince } from '../shared/session.ts';
import type { Side } from './sides.ts';

/** One thing to be said, by both sides alike. */
export interface Script {
  readonly kind: 'turn' | 'say';
  readonly responses: readonly KnownSpeech[];
  /** From the call to the cut. Left out: it is heard to its end. */
  readonly cutAfterMs?: number;
}

/** What a side did with a script. */
export interface Trial {
  readonly script: Script;
  readonly speechId: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** What the chat context keeps of it. */
  readonly message: string;
}

/** Silence before and after each trial: longer than a device still plays after a cut. */
const SILENCE_MS = 80;

/** Random extra silence, so that trials start at any phase of the devices' 10 ms blocks. */
const SILENCE_SPREAD_MS = 40;

export async function runTrial(side: Side, script: Script, random: () => number): Promise<Trial> {
  const { session, agent } = side;
  agent.script = script.responses.map(({ text }) => text);
  const itemCount = session.history.items.length;
  const fromMs = performance.now();
  const handle =
    script.kind === 'say'
      ? session.say(agent.script.join(''))
      : session.generateReply({ userInput: 'go on' });
  if (script.cutAfterMs !== undefined) {
    await delay(script.cutAfterMs);
    if (!handle.done()) await session.interrupt({ force: true }).await;
  }
  await handle.waitForPlayout();
  await delay(SILENCE_MS + random() * SILENCE_SPREAD_MS);
  const message = messageSince(session, itemCount);
  return { script, speechId: handle.id, fromMs, toMs: performance.now(), message };
}

const LONG = [
  'The next train to the harbour leaves at nine from the platform on your left.',
  'I found three tables for tonight. The one by the window is the quiet one.',
  'Your parcel went out this morning. It should be with you before the weekend.',
  'There is some rain on the way, so take the bus, or wait until noon.',
];

export const TEXTS: readonly string[] = [...SHORT_SENTENCES, ...LONG].map(withSpace);

/**
 * 30 responses in turns of two and three, and 30 after silence, 8 of them by `say()`.
 * The order is random, and the same for the same seed.
 */
export function startScripts(known: readonly KnownSpeech[], random: () => number): Script[] {
  const short = spokenAmong(known, SHORT_SENTENCES);
  const turn = (count: number): Script => ({
    kind: 'turn',
    responses: shuffled(short, random).slice(0, count),
  });
  const say = (): Script => ({ kind: 'say', responses: [pick(short, random)] });
  return shuffled(
    [
      ...Array.from({ length: 6 }, () => turn(2)),
      ...Array.from({ length: 6 }, () => turn(3)),
      ...Array.from({ length: 22 }, () => turn(1)),
      ...Array.from({ length: 8 }, say),
    ],
    random,
  );
}

/** A cut before about 100 ms comes before the first sound; the last ones come late in a long response. */
const FIRST_CUT_MS = 20;
const CUT_SPREAD_MS = 1500;

/** The cut falls anywhere: before the first sound, in the first response, or in the second. */
export function cutScripts(
  known: readonly KnownSpeech[],
  random: () => number,
  count: number,
): Script[] {
  const short = spokenAmong(known, SHORT_SENTENCES);
  const long = spokenAmong(known, LONG);
  return Array.from({ length: count }, (_, place) => ({
    kind: 'turn' as const,
    responses: place % 2 === 0 ? [pick(long, random)] : [pick(short, random), pick(long, random)],
    cutAfterMs: FIRST_CUT_MS + random() * CUT_SPREAD_MS,
  }));
}
