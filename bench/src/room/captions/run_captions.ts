import { setTimeout as delay } from 'node:timers/promises';
import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import { attachOncue } from '@oncue/livekit';
import { type NetworkName, openRoomPage, startBadNetwork } from '@oncue/testbed';
import { BenchAgent } from '../../shared/bench_agent.ts';
import type { KnownSpeech } from '../../shared/find_speech.ts';
import { checkClock } from '../../shared/machine_clock.ts';
import { seededRandom } from '../../shared/random.ts';
import { learnSpeech } from '../../shared/replay_tts.ts';
import { joinRoom, LISTENER } from '../../shared/room/join_room.ts';
import type { RoomScene } from '../../shared/room/scene.ts';
import { newSession } from '../../shared/session.ts';
import { takeRecording } from '../../shared/truth/recording.ts';
import { untilListening } from '../network_run.ts';
import { SessionTrace } from '../session_trace.ts';
import { cutScripts, runTrial, type Speaking, startScripts, TEXTS, type Trial } from '../trials.ts';
import { patternsOf, type Truth, TruthFinder } from '../truth/truth.ts';

/** What the page noted. Instants of its own clock. */
interface PageNotes {
  readonly shown: readonly {
    readonly responseId: string;
    readonly words: number;
    readonly atMs: number;
  }[];
  readonly frameGapsMs: readonly number[];
  readonly ended: readonly { readonly id: string; readonly heardText: string }[];
}

/** One response: what its caption showed, and what sounded. */
export interface ShownResponse {
  readonly text: string;
  readonly isCut: boolean;
  /** A later response of its turn sounded, so it was heard to its end. */
  readonly isFollowed: boolean;
  readonly truth: Truth;
  /** When each word was first shown as heard, on this process's clock. */
  readonly shownAtMs: readonly (number | undefined)[];
  /** The most words that were ever shown as heard. */
  readonly mostWords: number;
  /** Where each word ends in the speech, ms. */
  readonly endsMs: readonly number[];
  /** How much of it the agent says was heard, ms. */
  readonly agentHeardMs: number | undefined;
  /** What the page kept in the end, and what the agent says. The page keeps 50 responses. */
  readonly pageText: string | undefined;
  readonly agentText: string | undefined;
}

/** The results of a run. */
export interface CaptionRun {
  readonly responses: readonly ShownResponse[];
  readonly frameGapsMs: readonly number[];
}

/** Has an agent speak to a page with captions, over one network. */
export async function runCaptions(
  scene: RoomScene,
  of: {
    readonly network: NetworkName;
    readonly responses: number;
    readonly cuts: number;
    readonly seed: number;
  },
): Promise<CaptionRun> {
  const { server, browser, site, speaker } = scene;
  const known: KnownSpeech[] = [];
  for (const text of TEXTS) known.push(await learnSpeech(speaker, text));
  const way = await startBadNetwork({ serverUdpPort: server.udpPort, conditions: of.network });
  const page = await openRoomPage({ browser, site, network: way });
  const name = `captions-${of.network}`;
  const room = await joinRoom(server, name, 'oncue');
  const session = newSession(speaker);
  const trace: string[] = [];
  attachOncue(session, {
    room,
    audience: { identity: LISTENER },
    shareWithPage: { text: true },
    trace: (line) => trace.push(line),
  });
  try {
    await page.join(server, { room: name, identity: LISTENER });
    const agent = new BenchAgent(() => {});
    const inputOptions = { audioEnabled: false, participantIdentity: LISTENER } as const;
    await session.start({ agent, room, inputOptions });
    await untilListening(page);
    const clock = await checkClock(page.page);
    const trials = await speakAll({ session, agent }, known, of);
    const notes = await page.call<PageNotes>('captions');
    const recording = await takeRecording(page, clock);
    const toHereMs = recording.parts.shiftMs;
    const finder = new TruthFinder(recording, patternsOf(known));
    const reports = new SessionTrace(trace.join(''));
    const responses = trials.flatMap((trial) => shownOf(trial, reports, finder, notes, toHereMs));
    return { responses, frameGapsMs: notes.frameGapsMs };
  } finally {
    await session.close();
    await room.disconnect();
    await page.close();
    await way.close();
  }
}

async function speakAll(
  side: Speaking,
  known: readonly KnownSpeech[],
  of: { readonly responses: number; readonly cuts: number; readonly seed: number },
): Promise<readonly Trial[]> {
  const random = seededRandom(of.seed);
  const scripts = [
    ...startScripts(known, of.responses, random),
    ...cutScripts(known, of.cuts, random),
  ];
  const trials: Trial[] = [];
  for (const script of scripts) trials.push(await runTrial(side, script));
  await delay(1000);
  return trials;
}

function shownOf(
  trial: Trial,
  reports: SessionTrace,
  finder: TruthFinder,
  notes: PageNotes,
  toHereMs: number,
): ShownResponse[] {
  const reported = trial.script.responses.map((_, at) => reports.of(trial.speechId, at));
  const truths = finder.find(
    trial,
    reported.map((one) => one?.leavesAtMs),
  );
  return truths.map((truth, at) => {
    const { text = '', words = [] } = trial.script.responses[at] ?? {};
    const id = reported[at]?.responseId;
    const shown = notes.shown.filter(({ responseId }) => responseId === id);
    return {
      text,
      isCut: trial.script.cutAfterMs !== undefined,
      isFollowed: truths.slice(at + 1).some(({ kind }) => kind === 'heard'),
      truth,
      shownAtMs: words.map((_, place) => {
        const first = shown.find((one) => one.words > place);
        return first && first.atMs + toHereMs;
      }),
      endsMs: words.map(({ endSamples }) => (endSamples * 1000) / SAMPLE_RATE_HZ),
      agentHeardMs: reported[at]?.finished?.heardMs,
      mostWords: Math.max(0, ...shown.map((one) => one.words)),
      pageText: notes.ended.find((one) => one.id === id)?.heardText,
      agentText: reported[at]?.finished?.heardText,
    };
  });
}
