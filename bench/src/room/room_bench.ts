import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import {
  launchChromium,
  launchFirefox,
  openPageSite,
  startLivekitServer,
  startSoundSink,
} from '@oncue/testbed';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { seededRandom } from '../shared/random.ts';
import { learnSpeech } from '../shared/replay_tts.ts';
import { roomPage } from '../shared/room/scene.ts';
import { VoicesTTS } from '../shared/room/voices_tts.ts';
import { nameOf } from './arms.ts';
import { keepRun, readKeptRun } from './keep_run.ts';
import { type AwakeCores, keepAwake } from './machine/keep_awake.ts';
import { leaveCores } from './machine/leave_cores.ts';
import { measureWorklet } from './machine/worklet_cost.ts';
import { runNetwork, type Stage } from './network_run.ts';
import { type Orders, readOrders } from './orders.ts';
import { compareCaptions } from './report/compare_captions.ts';
import { plotErrors } from './report/plot.ts';
import { type DeviceScore, printDevice } from './report/print_device.ts';
import { listWorst, printRoom } from './report/print_room.ts';
import { type NetworkScore, scoreNetwork } from './score.ts';
import { TEXTS } from './trials.ts';
import { printPieceLengths } from './truth/piece_lengths.ts';
import { patternsOf, TruthFinder } from './truth/truth.ts';

const SEED = 4213;

/** Fast enough that the whole takes less than 25 minutes. */
const VOICE_SPEED = 1.8;

const NONE_AWAKE: AwakeCores = { count: 0, stop: () => {} };

const PLOT = fileURLToPath(new URL('../../../docs/room.svg', import.meta.url));

/**
 * An agent in a LiveKit room, a listener in Chromium, three networks between: the error of start events against what the
 * page really rendered, for Oncue and LiveKit's stock output alternating, and the text of answers that were cut. With
 * `--captions` four runs on each network, which say the same: two without captions, and two with them.
 */
export async function roomBench(args: readonly string[]): Promise<void> {
  const orders = readOrders(args);
  initializeLogger({ pretty: false, level: 'error' });
  const isFirefox = orders.browser === 'firefox';
  const sink = orders.device ? await startSoundSink() : undefined;
  const browser = await (isFirefox ? launchFirefox(sink) : launchChromium(undefined, sink));
  const leftCoreCount = orders.asIs || orders.again ? 0 : leaveCores();
  const [server, site] = await Promise.all([
    startLivekitServer(),
    openPageSite(roomPage('room/page/main.ts')),
  ]);
  const speaker = new VoicesTTS(VOICE_SPEED);
  const awake = orders.asIs || orders.again ? NONE_AWAKE : await keepAwake();
  try {
    const random = seededRandom(SEED);
    const known: KnownSpeech[] = [];
    for (const text of TEXTS) known.push(await learnSpeech(speaker, text));
    const machine = { awakeCoreCount: awake.count, leftCoreCount };
    const place = { server, site, browser, sink };
    const stage = { ...place, speaker, known, random, ...machine };
    const { scores, deviceScores } = await measure(stage, orders);
    if (orders.list) for (const score of scores) listWorst(score);
    printRoom({ scores, worklet: await measureWorklet(stage) });
    printDevice(deviceScores);
    compareCaptions(orders.arms, scores);
    if (orders.svg) await writeFile(PLOT, plotErrors(scores));
  } finally {
    awake.stop();
    await speaker.close();
    await browser.close();
    await sink?.stop();
    await site.close();
    await server.stop();
    await dispose();
  }
}

async function measure(
  stage: Stage,
  { arms, wish, keep, again, lengths }: Orders,
): Promise<{ readonly scores: NetworkScore[]; readonly deviceScores: DeviceScore[] }> {
  const patterns = patternsOf(stage.known);
  const scores: NetworkScore[] = [];
  const deviceScores: DeviceScore[] = [];
  for (const arm of arms) {
    // What is compared has the same scripts and cuts.
    const random = arm.part ? seededRandom(SEED) : stage.random;
    const run = again
      ? await readKeptRun(again, nameOf(arm), stage.known)
      : await runNetwork({ ...stage, random }, arm, wish);
    if (keep) await keepRun(keep, run);
    console.error(`${run.name}: searching the recording`);
    const score = scoreNetwork(run, new TruthFinder(run.recording, patterns));
    if (lengths) printPieceLengths(score, patterns);
    scores.push(score);
    if (!run.device) continue;
    const device = scoreNetwork(run, new TruthFinder(run.device, patterns));
    deviceScores.push({ page: score, device });
  }
  return { scores, deviceScores };
}
