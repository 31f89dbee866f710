import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type LivekitServer,
  MonitorRecorder,
  openRoomPage,
  type PageSite,
  type SoundSink,
  startBadNetwork,
} from '@oncue/testbed';
import type { Browser } from 'playwright-core';
import { pick, shuffled } from '../../shared/random.ts';
import { joinRoom, LISTENER } from '../../shared/room/join_room.ts';
import { ofDevice } from '../../shared/truth/recording.ts';
import { applyNetwork, type BenchNetwork } from '../networks.ts';
import { SessionTrace } from '../session_trace.ts';
import { startOncue } from '../sides.ts';
import { runTrial, type Script, type Trial } from '../trials.ts';
import { patternsOf, type Truth, TruthFinder } from '../truth/truth.ts';
import type { Kind } from './kinds.ts';
import { KnownTTS } from './known_tts.ts';

/** How the page plays the agent. */
export type PagePlayback = 'mixed' | 'graph' | 'element';

/** What all runs share. */
export interface VoicesStage {
  readonly server: LivekitServer;
  readonly browser: Browser;
  readonly sink: SoundSink;
  readonly site: PageSite;
  readonly random: () => number;
}

/** A response of a kind, with what was reported about it. Undefined: nothing was. */
export interface Response {
  readonly kind: string;
  readonly text: string;
  readonly responseId: string | undefined;
  readonly truth: Truth;
  readonly startCount: number;
  readonly final:
    | {
        readonly startedAtMs: number;
        readonly errorBoundMs: number;
        readonly evidence: string;
      }
    | undefined;
  readonly predictedAtMs: number | undefined;
}

const LISTENING_MS = 20_000;
const PER_TURN = 3;
const LEAST_SILENCE_MS = 400;
const SPREAD_MS = 800;

/** Has an agent say `count` responses of each kind, and looks for each in the recording of the sound device. */
export async function runVoices(
  stage: VoicesStage,
  kinds: readonly Kind[],
  of: {
    readonly network: BenchNetwork;
    readonly playback: PagePlayback;
    readonly count: number;
    /** A folder for the trace of the session. */
    readonly keep: string | undefined;
  },
): Promise<Response[]> {
  const { server, browser, sink, site, random } = stage;
  const known = kinds.flatMap(({ speeches, before = [] }) => [...speeches, ...before]);
  const speaker = new KnownTTS(known);
  const way = await startBadNetwork({ serverUdpPort: server.udpPort });
  const endChanges = await applyNetwork(way, of.network);
  const name = `voices-${of.network}-${of.playback}`;
  const room = await joinRoom(server, name, 'oncue');
  const page = await openRoomPage({ browser, site, network: way });
  const side = await (async () => {
    await page.call('setPlayback', of.playback);
    await page.join(server, { room: name, identity: LISTENER });
    return await startOncue(room, speaker);
  })();
  try {
    await page.page.waitForFunction("fixture.view().state === 'listening'", undefined, {
      timeout: LISTENING_MS,
    });
    const recorder = await MonitorRecorder.start(sink);
    // Code is compiled on both sides.
    await runTrial(side, { responses: known.slice(0, 1), silenceMs: 1000 });
    const trials: { kind: Kind; trial: Trial }[] = [];
    for (const kind of kinds) {
      console.error(`${of.network}, ${of.playback}: ${kind.name}`);
      for (const script of scriptsOf(kind, of.count, random))
        trials.push({ kind, trial: await runTrial(side, script) });
    }
    const finder = new TruthFinder(ofDevice(recorder.stop()), patternsOf(known));
    if (of.keep) await keepTrace(of.keep, name, side.trace);
    const trace = new SessionTrace(side.trace.join(''));
    return trials.flatMap(({ kind, trial }) =>
      responsesOf(kind, trial, trace, finder, side.predicted),
    );
  } finally {
    endChanges();
    await side.close();
    await page.close();
    await way.close();
    await speaker.close();
  }
}

async function keepTrace(folder: string, name: string, lines: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.trace`), lines.join(''));
}

function scriptsOf(kind: Kind, count: number, random: () => number): Script[] {
  const said: number[] = [];
  while (said.reduce((sum, one) => sum + one, 0) < count)
    said.push(said.length % 2 === 0 ? PER_TURN : 1);
  return shuffled(said, random).map((size) => ({
    responses: Array.from({ length: size }, () => [
      ...(kind.before ? [pick(kind.before, random)] : []),
      pick(kind.speeches, random),
    ]).flat(),
    silenceMs: LEAST_SILENCE_MS + random() * SPREAD_MS,
  }));
}

function responsesOf(
  kind: Kind,
  trial: Trial,
  trace: SessionTrace,
  finder: TruthFinder,
  predicted: readonly { speechId: string; index: number; firedAtMs: number }[],
): Response[] {
  const { speechId, script } = trial;
  const reported = script.responses.map((_, index) => trace.of(speechId, index));
  const truths = finder.find(
    trial,
    reported.map((one) => one?.leavesAtMs),
  );
  return truths.map((truth, index): Response => {
    const response = reported[index];
    const speech = script.responses[index];
    const isBefore = speech !== undefined && kind.before?.includes(speech);
    const instants = response ? [...response.starts, ...response.refined] : [];
    return {
      kind: isBefore ? 'steady' : kind.name,
      text: speech?.text ?? '',
      responseId: response?.responseId,
      truth,
      startCount: response?.starts.length ?? 0,
      final: instants.at(-1),
      predictedAtMs: predicted.find((one) => one.speechId === speechId && one.index === index)
        ?.firedAtMs,
    };
  });
}
