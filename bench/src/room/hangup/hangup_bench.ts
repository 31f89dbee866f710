import { parseArgs } from 'node:util';
import { cell, printFigures, printTable } from '../../shared/print_table.ts';
import { inRoomScene } from '../../shared/room/scene.ts';
import { summarize } from '../../shared/stats.ts';
import { type HeardCall, judge, type Wrong } from './judge_calls.ts';
import { runCalls } from './run_calls.ts';

const VOICE_SPEED = 1.8;

/** Calls in a real room over random networks, some interrupted: when the agent hangs up, against what the page played. */
export async function hangupBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: 'string', default: '50' },
      'barge-ins': { type: 'string', default: '10' },
      seed: { type: 'string', default: '4213' },
    },
  });
  await inRoomScene({ page: 'room/page/main.ts', voiceSpeed: VOICE_SPEED }, async (scene) => {
    const heard = await runCalls(scene, {
      calls: Number(values.calls),
      bargeIns: Number(values['barge-ins']),
      seed: Number(values.seed),
      onCall: (place) => console.error(`call ${place} of ${values.calls}`),
    });
    print(heard);
  });
}

function print(heard: readonly HeardCall[]): void {
  const verdicts = heard.map((one) => ({ ...one, ...judge(one) }));
  for (const { call, truths, wrong, afterMs } of verdicts.filter((one) => one.wrong.length > 0))
    console.error(
      JSON.stringify({
        wrong,
        afterMs,
        truths,
        hungUpAtMs: call.hungUpAtMs,
        heard: call.result.heard,
        cut: call.isCut,
      }),
    );
  const of = (wrong: Wrong): number => verdicts.filter((one) => one.wrong.includes(wrong)).length;
  const cut = verdicts.filter(({ call }) => call.isCut);
  const after = verdicts.flatMap(({ afterMs }) => afterMs ?? []);
  const { median, p95, min, max } = summarize(after);
  const outcomes = new Map<string, number>();
  for (const { call } of verdicts) {
    const { outcome } = call.result.heard;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  printTable(
    'Hanging up after the goodbye',
    ['', ''],
    [
      ['calls', String(verdicts.length)],
      ['  interrupted before the end', String(cut.length)],
      ['  with an outage', String(verdicts.filter(({ call }) => call.script.outageMs > 0).length)],
      ['outcomes', [...outcomes].map(([name, count]) => `${name} ${count}`).join(', ')],
      ['hung up before the last sample', String(of('too_early'))],
      ['hung up after a cut', String(of('after_a_cut'))],
      ['hung up after the time-out', String(of('too_late'))],
      ['never hung up', String(of('never'))],
      ['end not found in the recording', String(verdicts.length - after.length - cut.length)],
      [
        'from the last sample to the hang-up, ms: least / median / p95 / most',
        [min, median, p95, max].map((value) => cell(value)).join(' / '),
      ],
    ],
  );
  printFigures('hangup', {
    calls: verdicts.length,
    cut_calls: cut.length,
    too_early: of('too_early'),
    after_a_cut: of('after_a_cut'),
    too_late: of('too_late'),
    never: of('never'),
    after_last_sample_min_ms: min,
    after_last_sample_median_ms: median,
    after_last_sample_p95_ms: p95,
    after_last_sample_max_ms: max,
  });
}
