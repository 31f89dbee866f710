import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import {
  launchChromium,
  launchFirefox,
  openPageSite,
  startLivekitServer,
  startSoundSink,
} from '@oncue/testbed';
import { countOf, wrongArgument } from '../../../scripts/run_with_usage.mjs';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { seededRandom } from '../shared/random.ts';
import { learnSpeech } from '../shared/replay_tts.ts';
import { roomPage } from '../shared/room/scene.ts';
import { VoicesTTS } from '../shared/room/voices_tts.ts';
import { keepRun, readKeptRun } from './keep_run.ts';
import { type AwakeCores, keepAwake } from './machine/keep_awake.ts';
import { leaveCores } from './machine/leave_cores.ts';
import { measureWorklet } from './machine/worklet_cost.ts';
import { type Arm, nameOf, runNetwork, type Stage, type Wish } from './network_run.ts';
import { BENCH_NETWORKS } from './networks.ts';
import { plotErrors } from './report/plot.ts';
import { type DeviceScore, printDevice } from './report/print_device.ts';
import { listWorst, printRoom } from './report/print_room.ts';
import { type NetworkScore, scoreNetwork } from './score.ts';
import { TEXTS } from './trials.ts';
import { printPieceLengths } from './truth/piece_lengths.ts';
import { patternsOf, TruthFinder } from './truth/truth.ts';

/** The arguments of a run. */
interface Orders {
  readonly wish: Wish;
  readonly arms: readonly Arm[];
  /** Write the plot. */
  readonly svg: boolean;
  /** Print what is furthest from the truth. */
  readonly list: boolean;
  /** Print what shorter and longer pieces would have found. */
  readonly lengths: boolean;
  /** Leave the machine as it is. Otherwise its cores are kept awake, and the agents leave half of them to the browser. */
  readonly asIs: boolean;
  readonly browser: 'chromium' | 'firefox';
  /** Record the sound device too, and print the errors against it. */
  readonly device: boolean;
  /** A folder for the results of each run. */
  readonly keep?: string | undefined;
  /** Such a folder, to score again instead of running. */
  readonly again?: string | undefined;
}

const SEED = 4213;

/** Fast enough that the whole takes less than 25 minutes. */
const VOICE_SPEED = 1.8;

/** Share of stock responses and of cuts, of `--responses`. */
const STOCK_SHARE = 0.5;
const CUT_SHARE = 1 / 6;

const NONE_AWAKE: AwakeCores = { count: 0, stop: () => {} };

const PLOT = fileURLToPath(new URL('../../../docs/room.svg', import.meta.url));

/**
 * An agent in a LiveKit room, a listener in Chromium, three networks between: the error of start events against what the
 * page really rendered, for Oncue and LiveKit's stock output alternating, and the text of answers that were cut. With
 * `--captions` each network twice: without captions, and with them.
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
    const place = { server, site, browser, sink, isPageDated: !isFirefox };
    const stage = { ...place, speaker, known, random, ...machine };
    const { scores, deviceScores } = await measure(stage, orders);
    if (orders.list) for (const score of scores) listWorst(score);
    printRoom({ scores, worklet: await measureWorklet(stage) });
    printDevice(deviceScores);
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
    const run = again
      ? await readKeptRun(again, nameOf(arm), stage.known)
      : await runNetwork(stage, arm, wish);
    if (keep) await keepRun(keep, run);
    console.error(`${run.name}: searching the recording`);
    const score = scoreNetwork(run, new TruthFinder(run.recording, patterns));
    if (lengths) printPieceLengths(score, patterns);
    scores.push(score);
    if (!run.device) continue;
    const device = scoreNetwork(run, new TruthFinder(run.device, patterns));
    deviceScores.push({ page: run.device === run.recording ? undefined : score, device });
  }
  return { scores, deviceScores };
}

/** @throws Error for an argument that it does not know. */
function readOrders(args: readonly string[]): Orders {
  const { values } = parseArgs({
    args: [...args],
    options: {
      responses: { type: 'string', default: '200' },
      networks: { type: 'string', default: 'clean,wan,bad' },
      cuts: { type: 'string' },
      captions: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      lengths: { type: 'boolean', default: false },
      'as-is': { type: 'boolean', default: false },
      browser: { type: 'string', default: 'chromium' },
      device: { type: 'boolean', default: false },
      keep: { type: 'string' },
      again: { type: 'string' },
      svg: { type: 'boolean', default: false },
    },
  });
  const responses = countOf(values.responses);
  const networks = values.networks.split(',').map((name) => {
    const known = BENCH_NETWORKS.find((one) => one === name);
    if (!known)
      throw wrongArgument(`there is no network "${name}"; use ${BENCH_NETWORKS.join(', ')}`);
    return known;
  });
  // Each network without captions, and then with them, in the same run.
  const captions = values.captions ? [false, true] : [false];
  const arms = networks.flatMap((network) =>
    captions.map((hasCaptions): Arm => ({ network, hasCaptions })),
  );
  const wish = {
    responses,
    stockResponses: Math.ceil(responses * STOCK_SHARE),
    cuts: values.cuts === undefined ? Math.ceil(responses * CUT_SHARE) : countOf(values.cuts),
  };
  const { browser } = values;
  if (browser !== 'chromium' && browser !== 'firefox')
    throw wrongArgument(`there is no browser "${browser}"; use chromium or firefox`);
  // What Firefox says about its output does not date a recording, so that there only the device is the truth.
  const device = values.device || browser === 'firefox';
  return { ...values, browser, device, asIs: values['as-is'], wish, arms };
}
