import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { amountOf, runWithUsage, wrongArgument } from '../scripts/run_with_usage.mjs';
import { fuzz } from './src/campaign.ts';
import { encode, readCorpus, wordsOf, writeCorpus } from './src/corpus.ts';
import { Coverage } from './src/coverage.ts';
import type { Target } from './src/target.ts';
import { TARGETS } from './src/targets.ts';
import { fuzzInWorker, noteInput, type Outcome, type Share } from './src/watched.ts';

/** What of a run is written into a corpus: it is read by people too. */
const KEPT_CHARS = 900;
const KEPT = 20;

const USAGE = `npm run fuzz -- [options]

Gives the parsers changed and drawn inputs, guided by the code that each reaches. A parser must neither throw nor hang.

  --seconds 30       runs so long, all parsers together
  --seed fresh       a number repeats a run
  --target NAME      only this parser: ${TARGETS.map(({ name }) => name).join(', ')}
  --keep             adds to the corpus what reached something new
  --report FILE      writes the counts in the form of Vitest's JSON report

It ends with exit code 1 if a parser fails.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '30' },
      seed: { type: 'string', default: 'fresh' },
      target: { type: 'string' },
      keep: { type: 'boolean', default: false },
      report: { type: 'string' },
    },
  });
  const targets = TARGETS.filter(
    ({ name }) => values.target === undefined || name === values.target,
  );
  if (targets.length === 0) throw wrongArgument(`there is no parser ${values.target}`);
  const seed =
    values.seed === 'fresh' ? Math.floor(Math.random() * 2 ** 31) : amountOf(values.seed);
  const ms = (amountOf(values.seconds) * 1000) / targets.length;
  console.log(`seed ${seed}`);
  let kept = 0;
  for (const target of targets) {
    const outcome = await fuzzInWorker(new URL(import.meta.url), { target: target.name, seed, ms });
    if (outcome.faults.size === 0) kept += 1;
    print(target, outcome);
    if (values.keep) writeCorpus(target, [...readCorpus(target), ...shortest(outcome.kept)]);
  }
  console.log(`${kept} of ${targets.length} parsers kept their promise`);
  const success = kept === targets.length && kept > 0;
  if (values.report !== undefined) {
    const counts = { numPassedTests: kept, numFailedTests: targets.length - kept, success };
    writeFileSync(values.report, JSON.stringify(counts));
  }
  process.exitCode = success ? 0 : 1;
}

function shortest(inputs: readonly string[]): string[] {
  const short = inputs.filter(({ length }) => length <= KEPT_CHARS);
  return short.sort((a, b) => a.length - b.length).slice(0, KEPT);
}

function print(target: Target, { runs, chars, kept, faults }: Outcome): void {
  console.log(
    `${target.name.padEnd(18)} ${runs} inputs reached ${chars} characters of code, ` +
      `${kept.length} of them something new; ${faults.size} kinds of fault`,
  );
  for (const [kind, input] of faults) console.log(`  ${kind}\n    ${encode(target, input)}`);
}

function work({ target: name, seed, ms, last }: Share): Outcome {
  const target = TARGETS.find((one) => one.name === name);
  if (!target) throw new Error(`no target ${name}`);
  const endsAtMs = performance.now() + ms;
  const coverage = new Coverage();
  const { runs, kept, faults } = fuzz({
    target,
    corpus: readCorpus(target),
    words: wordsOf(target),
    coverage,
    seed,
    isOver: () => performance.now() > endsAtMs,
    willRun: (input) => noteInput(last, input),
  });
  return { runs, chars: coverage.size, kept, faults };
}

if (isMainThread) await runWithUsage(USAGE, main);
else parentPort?.postMessage(work(workerData as Share));
