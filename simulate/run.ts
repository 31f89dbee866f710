import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { amountOf, countOf, runWithUsage } from '../scripts/run_with_usage.mjs';
import { type Findings, merged, runCampaign } from './src/campaign.ts';
import { drawHistory } from './src/history/draw_history.ts';
import { runHistory } from './src/run_history.ts';
import { partOf, shrink } from './src/shrink.ts';

interface Share {
  readonly seed: number;
  readonly from: number;
  readonly stride: number;
  readonly histories: number;
  readonly seconds: number;
}

const USAGE = `npm run simulate -- [options]

Draws conversations with faults from a seed, plays each on a manual clock, and checks the rules of SPEC.md.

  --histories 1000   plays so many conversations
  --seconds 120      plays as many as fit into this time instead
  --seed 1           draws these; \`fresh\` takes a new seed and prints it
  --from 0           leaves out so many at the beginning
  --workers 1        uses so many threads
  --report FILE      writes the counts in the form of Vitest's JSON report
  --replay SEED      plays one conversation again, by the seed that a violation names
  --only 1,2         of it only these happenings
  --trace            prints each input and event of it

It ends with exit code 1 if a rule is broken.
`;

/** @throws Error for an argument that it does not know. */
function readFlags() {
  const { values } = parseArgs({
    options: {
      histories: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      seconds: { type: 'string', default: '0' },
      workers: { type: 'string', default: '1' },
      report: { type: 'string' },
      replay: { type: 'string' },
      only: { type: 'string' },
      trace: { type: 'boolean', default: false },
    },
  });
  return values;
}

async function runShare(share: Share): Promise<Findings> {
  const endsAtMs = share.seconds > 0 ? performance.now() + share.seconds * 1000 : undefined;
  const isOver = (): boolean => endsAtMs !== undefined && performance.now() > endsAtMs;
  return runCampaign({ ...share, isOver, tell: (line) => console.log(line) });
}

/** Plays one history again, with every step in sight. */
async function replay(
  seed: number,
  values: Pick<ReturnType<typeof readFlags>, 'only' | 'trace'>,
): Promise<void> {
  const whole = drawHistory(seed);
  const kept = values.only?.split(',').filter(Boolean).map(Number);
  const history = kept ? partOf(whole, kept) : whole;
  if (values.trace) console.log(JSON.stringify(history, undefined, 1));
  const { violation, inputs } = await runHistory(history, {
    follow: (input, events) => {
      if (!values.trace) return;
      console.log(JSON.stringify(input));
      for (const event of events) console.log('   ', JSON.stringify(event));
    },
  });
  console.log(violation ? violation.message : `holds every rule (${inputs} inputs)`);
  process.exitCode = violation ? 1 : 0;
}

function inWorker(share: Share): Promise<Findings> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function print(findings: Findings, seconds: number, seed: number): Promise<void> {
  const { histories, inputs, events, violations } = findings;
  const perSecond = Math.round(histories / seconds);
  console.log(
    `${histories} histories of seed ${seed} in ${seconds.toFixed(1)} s (${perSecond} a second), ` +
      `${inputs} inputs, ${events} events, ${Object.keys(violations).length} kinds of violation`,
  );
  for (const [rule, { count, seeds, message }] of Object.entries(violations)) {
    console.log(`\n${count} × ${rule}\n  ${message}`);
    const [first] = seeds;
    if (first === undefined) continue;
    const { history, kept } = await shrink(drawHistory(first), rule);
    console.log(`  ${history.setup.transport}, faults: ${history.setup.faults.join(' ')}`);
    for (const happening of history.happenings) console.log(`  ${JSON.stringify(happening)}`);
    const only = kept.length > 0 ? kept.join(',') : ',';
    console.log(`  npm run simulate -- --replay ${first} --only ${only} --trace`);
    console.log(`  seeds: ${seeds.slice(0, 8).join(' ')}`);
    process.exitCode = 1;
  }
}

/** The form of Vitest's JSON report, for the last line of `.ci/run`: one test for the run, one for each kind of fault. */
function report(file: string, { histories, violations }: Findings): void {
  const numFailedTests = Object.keys(violations).length;
  const success = numFailedTests === 0 && histories > 0;
  const numPassedTests = success ? 1 : 0;
  writeFileSync(file, JSON.stringify({ numPassedTests, numFailedTests, success }));
}

async function main(): Promise<void> {
  const values = readFlags();
  if (values.replay !== undefined) {
    await replay(amountOf(values.replay), values);
    return;
  }
  const stride = countOf(values.workers);
  const seed =
    values.seed === 'fresh' ? Math.floor(Math.random() * 2 ** 31) : amountOf(values.seed);
  const seconds = amountOf(values.seconds);
  const histories = seconds > 0 ? Number.MAX_SAFE_INTEGER : countOf(values.histories);
  const shares = Array.from({ length: stride }, (_, place): Share => {
    const from = amountOf(values.from) + place;
    return { seed, from, stride, histories: histories - place, seconds };
  });
  console.log(`seed ${seed}`);
  const beganAtMs = performance.now();
  const [only] = shares;
  const all =
    stride === 1 && only ? [await runShare(only)] : await Promise.all(shares.map(inWorker));
  const findings = merged(all);
  if (values.report !== undefined) report(values.report, findings);
  await print(findings, (performance.now() - beganAtMs) / 1000, seed);
}

if (isMainThread) await runWithUsage(USAGE, main);
else parentPort?.postMessage(await runShare(workerData as Share));
