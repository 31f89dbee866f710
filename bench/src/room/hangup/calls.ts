import { setTimeout as delay } from 'node:timers/promises';
import type { voice } from '@livekit/agents';
import type { Room } from '@livekit/rtc-node';
import type { AfterHeard, OncueSession } from '@oncue/livekit';
import { attachOncue } from '@oncue/livekit';
import type { BadNetwork, LinkConditions } from '@oncue/testbed';
import { BenchAgent } from '../../shared/bench_agent.ts';
import type { KnownSpeech } from '../../shared/find_speech.ts';
import { pick, shuffled } from '../../shared/random.ts';
import type { ReplayTTS } from '../../shared/replay_tts.ts';
import { LISTENER } from '../../shared/room/join_room.ts';
import { messageSince, newSession } from '../../shared/session.ts';
import { durationMs, type Script, type Trial } from '../trials.ts';

/** One call that ends with a goodbye: what is said, over which network, and whether the user interrupts it. */
export interface CallScript extends Script {
  readonly conditions: LinkConditions;
  /** Nothing arrives for this long, from `outageAfterMs` after the call on. */
  readonly outageMs: number;
  readonly outageAfterMs: number;
}

/** What became of a call. Instants of this process. */
export interface Call extends Trial {
  readonly script: CallScript;
  readonly askedAtMs: number;
  /** When `afterHeard` called the function that hangs up. */
  readonly hungUpAtMs: number | undefined;
  readonly result: AfterHeard;
  /** The user interrupted while the speech was not over. */
  readonly isCut: boolean;
}

/** How long the agent waits for its goodbye before it hangs up anyway. */
export const TIMEOUT_MS = 12_000;

const MOST_DELAY_MS = 80;
const MOST_JITTER_MS = 50;
const MOST_LOSS = 0.05;
const OUTAGE_SHARE = 0.1;
const SILENCE_MS = 1200;
const FIRST_CUT_MS = 350;

/** Random calls, the barge-ins anywhere among them and anywhere in the goodbye. */
export function callScripts(
  goodbyes: readonly KnownSpeech[],
  of: { readonly calls: number; readonly bargeIns: number },
  random: () => number,
): readonly CallScript[] {
  const isCut = shuffled(
    Array.from({ length: of.calls }, (_, place) => place < of.bargeIns),
    random,
  );
  return isCut.map((cut) => {
    const responses = Array.from({ length: random() < 0.4 ? 2 : 1 }, () => pick(goodbyes, random));
    const lengthMs = responses.reduce((sum, one) => sum + durationMs(one), 0);
    const cutAfterMs = FIRST_CUT_MS + random() * Math.max(0, lengthMs - FIRST_CUT_MS);
    return {
      responses,
      ...(cut ? { cutAfterMs } : {}),
      silenceMs: SILENCE_MS,
      conditions: {
        delayMs: random() * MOST_DELAY_MS,
        jitter: { model: 'uniform', maxMs: random() * MOST_JITTER_MS },
        reordering: random() < 0.5,
        lossShare: random() * MOST_LOSS,
      },
      outageMs: random() < OUTAGE_SHARE ? 300 + random() * 1200 : 0,
      outageAfterMs: random() * lengthMs,
    };
  });
}

/** An agent in a room that hangs up after its goodbye. */
export interface Caller {
  readonly session: voice.AgentSession;
  readonly agent: BenchAgent;
  readonly oncue: OncueSession;
  readonly trace: readonly string[];
  close(): Promise<void>;
}

export async function startCaller(room: Room, speaker: ReplayTTS): Promise<Caller> {
  const session = newSession(speaker);
  const trace: string[] = [];
  const oncue = attachOncue(session, {
    room,
    audience: { identity: LISTENER },
    trace: (line) => trace.push(line),
  });
  const agent = new BenchAgent(() => {});
  const inputOptions = { audioEnabled: false, participantIdentity: LISTENER } as const;
  await session.start({ agent, room, inputOptions });
  const close = async (): Promise<void> => {
    await session.close();
    await room.disconnect();
  };
  return { session, agent, oncue, trace, close };
}

/** One call. The room stays open, so that what sounds after the agent would have hung up is recorded too. */
export async function runCall(
  { session, agent, oncue }: Caller,
  network: BadNetwork,
  script: CallScript,
): Promise<Call> {
  await network.set(script.conditions);
  agent.script = script.responses.map(({ text }) => text);
  const itemCount = session.history.items.length;
  const fromMs = performance.now();
  const handle = session.generateReply({ userInput: 'goodbye' });
  const askedAtMs = performance.now();
  let hungUpAtMs: number | undefined;
  const hangUp = (): void => {
    hungUpAtMs = performance.now();
  };
  const waiting = oncue.afterHeard(handle, hangUp, { timeoutMs: TIMEOUT_MS });
  const outage = breakAfter(network, script);
  let isCut = false;
  if (script.cutAfterMs !== undefined) {
    await delay(script.cutAfterMs);
    isCut = !handle.done();
    if (isCut) await session.interrupt().await;
  }
  await handle.waitForPlayout();
  const result = await waiting;
  await outage;
  await delay(script.silenceMs);
  const message = messageSince(session, itemCount);
  const toMs = performance.now();
  return {
    script,
    speechId: handle.id,
    fromMs,
    toMs,
    message,
    askedAtMs,
    hungUpAtMs,
    result,
    isCut,
  };
}

async function breakAfter(
  network: BadNetwork,
  { outageMs, outageAfterMs }: CallScript,
): Promise<void> {
  if (outageMs === 0) return;
  await delay(outageAfterMs);
  await network.outage(outageMs);
}
