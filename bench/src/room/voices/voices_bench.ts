import { parseArgs } from 'node:util';
import { initializeLogger } from '@livekit/agents';
import { dispose } from '@livekit/rtc-node';
import { launchChromium, openPageSite, startLivekitServer, startSoundSink } from '@oncue/testbed';
import { wrongArgument } from '../../../../scripts/run_with_usage.mjs';
import type { KnownSpeech } from '../../shared/find_speech.ts';
import { cell, printFigures, printTable } from '../../shared/print_table.ts';
import { seededRandom } from '../../shared/random.ts';
import { learnSpeech } from '../../shared/replay_tts.ts';
import { roomPage } from '../../shared/room/scene.ts';
import { VoicesTTS } from '../../shared/room/voices_tts.ts';
import { SHORT_SENTENCES, withSpace } from '../../shared/sentences.ts';
import { median, quantile } from '../../shared/stats.ts';
import { BENCH_NETWORKS, type BenchNetwork } from '../networks.ts';
import { kindsOf } from './kinds.ts';
import { type PagePlayback, type Response, runVoices } from './voices_run.ts';

const SEED = 1717;

const PLAYBACKS: readonly PagePlayback[] = ['mixed', 'graph', 'element'];

/**
 * Voices and sounds that the benchmark "room" does not have, against the recording of the sound device: false, missing and
 * repeated starts, errors and bounds of each kind.
 */
export async function voicesBench(args: readonly string[]): Promise<void> {
  const orders = readOrders(args);
  initializeLogger({ pretty: false, level: 'error' });
  const sink = await startSoundSink();
  const browser = await launchChromium(undefined, sink);
  const [server, site] = await Promise.all([
    startLivekitServer(),
    openPageSite(roomPage('room/page/main.ts')),
  ]);
  try {
    const kinds = kindsOf(await learnEnglish()).filter(
      ({ name }) => orders.kinds === undefined || orders.kinds.includes(name),
    );
    const stage = { server, browser, sink, site, random: seededRandom(SEED) };
    for (const network of orders.networks) {
      const responses = await runVoices(stage, kinds, { ...orders, network });
      if (orders.list) listWorst(responses);
      print(`${network}, ${orders.playback}`, responses);
    }
  } finally {
    await browser.close();
    await sink.stop();
    await site.close();
    await server.stop();
    await dispose();
  }
}

async function learnEnglish(): Promise<KnownSpeech[]> {
  const speaker = new VoicesTTS(1);
  const english: KnownSpeech[] = [];
  for (const text of SHORT_SENTENCES) english.push(await learnSpeech(speaker, withSpace(text)));
  await speaker.close();
  return english;
}

interface Orders {
  readonly count: number;
  readonly networks: readonly BenchNetwork[];
  readonly playback: PagePlayback;
  /** Left out: all. */
  readonly kinds: readonly string[] | undefined;
  /** Print what is wrong, and what is furthest from the truth. */
  readonly list: boolean;
  readonly keep: string | undefined;
}

/** @throws Error for an argument that it does not know. */
function readOrders(args: readonly string[]): Orders {
  const { values } = parseArgs({
    args: [...args],
    options: {
      voices: { type: 'boolean' },
      responses: { type: 'string', default: '30' },
      networks: { type: 'string', default: 'clean' },
      playback: { type: 'string', default: 'mixed' },
      kinds: { type: 'string' },
      list: { type: 'boolean', default: false },
      keep: { type: 'string' },
    },
  });
  const playback = PLAYBACKS.find((one) => one === values.playback);
  if (!playback) throw wrongArgument(`--playback is one of ${PLAYBACKS.join(', ')}`);
  const networks = values.networks.split(',').map((name) => {
    const known = BENCH_NETWORKS.find((one) => one === name);
    if (!known)
      throw wrongArgument(`there is no network "${name}"; use ${BENCH_NETWORKS.join(', ')}`);
    return known;
  });
  const { list, keep, kinds } = values;
  return {
    count: Number(values.responses),
    networks,
    playback,
    kinds: kinds?.split(','),
    list,
    keep,
  };
}

const LISTED = 12;

function listWorst(responses: readonly Response[]): void {
  const judged = responses.map(({ truth, ...one }) => {
    const truthMs = truth.kind === 'heard' ? truth.startMs : Number.NaN;
    const errorMs = (one.final?.startedAtMs ?? Number.NaN) - truthMs;
    const predictedErrorMs = (one.predictedAtMs ?? Number.NaN) - truthMs;
    const isOutside = Math.abs(errorMs) > (one.final?.errorBoundMs ?? 0);
    const isMissing = truth.kind === 'heard' && one.startCount === 0;
    const isFalse = truth.kind === 'silent' && one.startCount > 0;
    const isWrong = isOutside || isMissing || isFalse || one.startCount > 1;
    return { truth: truth.kind, ...one, errorMs, predictedErrorMs, isWrong };
  });
  const by = (value: (one: (typeof judged)[number]) => number) =>
    judged.toSorted((one, other) => value(other) - value(one)).slice(0, LISTED);
  const listed = new Set([
    ...judged.filter(({ isWrong }) => isWrong),
    ...by(({ errorMs }) => Math.abs(errorMs) || 0),
    ...by(({ predictedErrorMs }) => Math.abs(predictedErrorMs) || 0),
  ]);
  for (const one of listed) console.error(`response ${JSON.stringify(one)}`);
}

function print(what: string, responses: readonly Response[]): void {
  const figures: Record<string, number> = {};
  const names = [...new Set(responses.map(({ kind }) => kind))];
  const rows = names.map((name) => {
    const row = rowOf(responses.filter(({ kind }) => kind === name));
    for (const [key, value] of Object.entries(row))
      figures[`${name.replaceAll(' ', '_')}_${key}`] = value;
    const { heard, unknown, missing, twice, false: wrong, estimates } = row;
    const counts = [heard, unknown, missing, twice, wrong, estimates].map(String);
    const errors = [row.error_median_ms, row.error_p95_ms, row.error_worst_ms, row.alone_p95_ms];
    const predicted = [row.predicted_median_ms, row.predicted_alone_p95_ms];
    return [
      name,
      ...counts,
      ...[...errors, ...predicted].map((value) => cell(value)),
      `${row.within} of ${row.judged}`,
    ];
  });
  printTable(
    `${what}: starts by kind, against the sound device, ms`,
    [
      '',
      'heard',
      'not found',
      'missing',
      'twice',
      'false',
      'estimates',
      'median',
      '|p95|',
      '|worst|',
      'without it |p95|',
      'predicted median',
      'without it |p95|',
      'within bound',
    ],
    rows,
  );
  printFigures('room_voices', figures);
}

/** `alone`: without the median of the kind. */
function rowOf(responses: readonly Response[]) {
  const heard = responses.flatMap(({ truth, ...rest }) =>
    truth.kind === 'heard' ? [{ ...rest, truthMs: truth.startMs }] : [],
  );
  const errors = heard.flatMap(({ final, truthMs }) =>
    final ? [{ ms: final.startedAtMs - truthMs, boundMs: final.errorBoundMs }] : [],
  );
  const signed = errors.map(({ ms }) => ms);
  const predicted = heard.flatMap(({ predictedAtMs, truthMs }) =>
    predictedAtMs === undefined ? [] : [predictedAtMs - truthMs],
  );
  return {
    heard: heard.length,
    unknown: responses.filter(({ truth }) => truth.kind === 'unknown').length,
    missing: heard.filter(({ startCount }) => startCount === 0).length,
    twice: responses.filter(({ startCount }) => startCount > 1).length,
    false: responses.filter(({ truth, startCount }) => truth.kind === 'silent' && startCount > 0)
      .length,
    estimates: heard.filter(({ final }) => final?.evidence === 'estimate').length,
    error_median_ms: median(signed),
    error_p95_ms: quantile(signed.map(Math.abs), 0.95),
    error_worst_ms: quantile(signed.map(Math.abs), 1),
    alone_p95_ms: p95Alone(signed),
    predicted_median_ms: median(predicted),
    predicted_alone_p95_ms: p95Alone(predicted),
    within: errors.filter(({ ms, boundMs }) => Math.abs(ms) <= boundMs).length,
    judged: errors.length,
  };
}

function p95Alone(errors: readonly number[]): number {
  const middle = median(errors);
  return quantile(
    errors.map((error) => Math.abs(error - middle)),
    0.95,
  );
}
