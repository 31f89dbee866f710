import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { seededRandom } from '../shared/random.ts';
import { learnSpeech, ReplayTTS } from '../shared/replay_tts.ts';
import { printLocal } from './print_local.ts';
import { scoreSide } from './score.ts';
import { type Side, startOncue, startStock } from './sides.ts';
import { tapDelay } from './tap_delay.ts';
import { cutScripts, runTrial, startScripts, TEXTS, type Trial } from './trials.ts';

const SEED = 4213;
const CUT_COUNT = 30;

/** Fast enough that the whole takes less than three minutes. */
const VOICE_SPEED = 1.8;

/**
 * Error of start events and tasks against the samples that really sounded, the audible gap between two responses that
 * are ready, and the text of answers that were cut: Oncue on its local device and LiveKit's stock output, alternating.
 */
export async function localBench(): Promise<void> {
  initializeLogger({ pretty: false, level: 'error' });
  const random = seededRandom(SEED);
  const speaker = new ReplayTTS({ speed: VOICE_SPEED }, 'as_made');
  const known: KnownSpeech[] = [];
  for (const text of TEXTS) known.push(await learnSpeech(speaker, text));
  const tap = await tapDelay(SAMPLE_RATE_HZ, random);

  const oncue = await startOncue(speaker);
  const stock = await startStock(speaker);
  const firstEventErrorMs = await warmUp(oncue, stock, known, random);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const trials = await runAll(oncue, stock, known, random);
  loop.disable();
  await oncue.close();
  await stock.close();
  await speaker.close();

  printLocal({
    oncue: scoreSide(oncue, trials.oncue, known),
    stock: scoreSide(stock, trials.stock, known),
    tap,
    tapDeliveryP95Ms: stock.recording.deliveryMs().p95,
    lateBlockCount: oncue.recording.lateBlockCount,
    loopDelayP99Ms: inMs(loop, 99),
    loopDelayMaxMs: loop.max / 1e6,
    firstEventErrorMs,
  });
  await dispose();
}

/** One turn on each side before anything counts. @returns How late Oncue's first event of this process was, in ms. */
async function warmUp(
  oncue: Side,
  stock: Side,
  known: readonly KnownSpeech[],
  random: () => number,
): Promise<number> {
  const script = { kind: 'turn', responses: known.slice(0, 2) } as const;
  const first = await runTrial(oncue, script, random);
  await runTrial(stock, script, random);
  const start = scoreSide(oncue, [first], known).heard[0];
  return (start?.start?.firedAtMs ?? Number.NaN) - (start?.truthMs ?? Number.NaN);
}

/** Runs each script on both sides in alternating order, so that other load affects both equally. */
async function runAll(
  oncue: Side,
  stock: Side,
  known: readonly KnownSpeech[],
  random: () => number,
): Promise<{ readonly oncue: Trial[]; readonly stock: Trial[] }> {
  const trials = { oncue: [] as Trial[], stock: [] as Trial[] };
  const scripts = [...startScripts(known, random), ...cutScripts(known, random, CUT_COUNT)];
  for (const [place, script] of scripts.entries()) {
    // With aligned transcripts, a speech that is cut while its synthesis still runs hangs in LiveKit 1.9.0 for 2 s, and then
    // clears the output of the speech that plays by then: with Oncue and without. Cuts here come after the synthesis.
    const pace = script.cutAfterMs === undefined ? 'as_made' : 'at_once';
    oncue.speaker.pace = pace;
    stock.speaker.pace = pace;
    const sides = place % 2 === 0 ? [oncue, stock] : [stock, oncue];
    for (const side of sides) trials[side.name].push(await runTrial(side, script, random));
    if (place % 10 === 9) console.error(`${place + 1} of ${scripts.length} trials`);
  }
  return trials;
}

function inMs(histogram: IntervalHistogram, percent: number): number {
  return histogram.percentile(percent) / 1e6;
}
