import { parseArgs } from 'node:util';
import { SCRIPTS } from '../shared/languages.ts';
import { cell, printFigures, printTable } from '../shared/print_table.ts';
import { type CutScore, cutAt, FORMS, type Known } from './cuts.ts';
import { missingTool, type SpokenText, speakAll } from './espeak.ts';

/** What is run. Other seeds cut at other instants. */
interface Plan {
  readonly seed: number;
  /** Of each language, for each kind; with word times, for each form that they come in. */
  readonly cuts: number;
}

const KINDS: Readonly<Record<Known, string>> = {
  timed: 'With word times (as written, in other words, streamed)',
  broken_off: 'With word times, of a voice that breaks off inside a word; the cut is there',
  partly_timed: 'With word times for the first 20 to 70 percent; the rest estimated',
  whole: 'Without word times, all audio made',
  unfinished: 'Without word times, cut while text and audio were being made',
};

/** Heard text after cuts at random instants, against the true ends of the words of a synthesis. */
export async function textBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string', default: '15' }, cuts: { type: 'string', default: '100' } },
  });
  const plan = { seed: Number(values.seed), cuts: Number(values.cuts) };
  const missing = missingTool();
  if (missing !== undefined) {
    console.log(`Skipped "text": ${missing}.`);
    return;
  }
  const spoken = speakAll();
  const figures: Record<string, number> = {
    languages: SCRIPTS.length,
    cuts_per_language: plan.cuts,
  };
  for (const known of Object.keys(KINDS) as Known[]) {
    const scores = SCRIPTS.map(({ language }) => ({
      language,
      cuts: cutsOf(
        spoken.filter((one) => one.language === language),
        known,
        plan,
      ),
    }));
    printTable(
      `${KINDS[known]}: ${cutCount(known, plan)} cuts each`,
      [
        'language',
        'exact',
        '1 short',
        'more short',
        'over-claimed',
        'worst',
        'within',
        'mean stated',
      ],
      scores.map(({ language, cuts }) => rowOf(language, cuts)),
    );
    Object.assign(figures, figuresOf(known, scores));
  }
  printFigures('text', figures);
}

function cutCount(known: Known, { cuts }: Plan): number {
  return known === 'timed' ? cuts * FORMS.length : cuts;
}

function cutsOf(spoken: readonly SpokenText[], known: Known, plan: Plan): readonly CutScore[] {
  const random = randomFrom(plan.seed);
  return Array.from({ length: cutCount(known, plan) }, (_, cut) => {
    const one = spoken[cut % spoken.length];
    if (!one) throw new Error('a language has no sentence');
    const form = Math.floor(cut / spoken.length);
    return cutAt(one, random() * one.totalMs, known, form, random);
  });
}

const shareOf = (cuts: readonly CutScore[], is: (cut: CutScore) => boolean): number =>
  cuts.filter(is).length;
const isWithin = ({ offWords, maxErrorWords }: CutScore): boolean =>
  Math.abs(offWords) <= maxErrorWords;

function rowOf(language: string, cuts: readonly CutScore[]): readonly string[] {
  const worst = Math.max(...cuts.map(({ offWords }) => Math.abs(offWords)));
  const stated = cuts.reduce((sum, cut) => sum + cut.maxErrorWords, 0) / cuts.length;
  return [
    language,
    cell(
      shareOf(cuts, ({ offWords }) => offWords === 0),
      0,
    ),
    cell(
      shareOf(cuts, ({ offWords }) => offWords === -1),
      0,
    ),
    cell(
      shareOf(cuts, ({ offWords }) => offWords < -1),
      0,
    ),
    cell(
      shareOf(cuts, ({ isOverClaimed }) => isOverClaimed),
      0,
    ),
    cell(worst, 0),
    cell(shareOf(cuts, isWithin), 0),
    `± ${cell(stated)}`,
  ];
}

function figuresOf(
  known: Known,
  scores: readonly { readonly cuts: readonly CutScore[] }[],
): Record<string, number> {
  const all = scores.flatMap(({ cuts }) => cuts);
  return {
    [`${known}_exact_count`]: shareOf(all, ({ offWords }) => offWords === 0),
    [`${known}_one_short_count`]: shareOf(all, ({ offWords }) => offWords === -1),
    [`${known}_more_short_count`]: shareOf(all, ({ offWords }) => offWords < -1),
    [`${known}_over_claimed_count`]: shareOf(all, ({ isOverClaimed }) => isOverClaimed),
    [`${known}_within_worst_language_share`]: Math.min(
      ...scores.map(({ cuts }) => shareOf(cuts, isWithin) / cuts.length),
    ),
    [`${known}_furthest_words`]: Math.max(...all.map(({ offWords }) => Math.abs(offWords))),
    [`${known}_mean_error_words`]:
      all.reduce((sum, { offWords }) => sum + Math.abs(offWords), 0) / all.length,
  };
}

/** The same numbers from 0 to 1 in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
