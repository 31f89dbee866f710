import { setImmediate } from 'node:timers/promises';
import { drawHistory } from './history/draw_history.ts';
import { seedOf } from './history/random.ts';
import { runHistory } from './run_history.ts';

/** Which histories to play. */
export interface Campaign {
  readonly seed: number;
  readonly from: number;
  /** One of `stride` workers takes every `stride`-th. */
  readonly stride: number;
  readonly histories: number;
  /** Ends early when this returns `true`. */
  readonly isOver: () => boolean;
  /** Takes a line that says how far it is, or what it has found. */
  readonly tell: (line: string) => void;
}

/** What a campaign found. */
export interface Findings {
  histories: number;
  inputs: number;
  events: number;
  /** By rule: how often, and the first few seeds. */
  readonly violations: Record<string, Kind>;
}

/** One kind of violation. */
interface Kind {
  count: number;
  readonly seeds: number[];
  /** Of the first. */
  readonly message: string;
}

/** Seeds kept of each kind of violation. */
const SEEDS_KEPT = 20;

/** A long run says where it is after so many histories of a worker. */
const TOLD_EVERY = 20_000;

export async function runCampaign(campaign: Campaign): Promise<Findings> {
  const findings: Findings = { histories: 0, inputs: 0, events: 0, violations: {} };
  const until = campaign.from + campaign.histories;
  for (let index = campaign.from; index < until && !campaign.isOver(); index += campaign.stride) {
    const seed = seedOf(campaign.seed, index);
    const { violation, inputs, events } = await runHistory(drawHistory(seed));
    findings.histories += 1;
    findings.inputs += inputs;
    findings.events += events;
    if (findings.histories % TOLD_EVERY === 0) {
      campaign.tell(`${findings.histories} histories`);
      // A worker's lines leave it only when its event loop turns.
      await setImmediate();
    }
    if (!violation) continue;
    const { rule, message } = violation;
    const of = kindOf(findings, rule, message);
    of.count += 1;
    if (of.count === 1) {
      campaign.tell(`seed ${seed}: ${message}`);
      await setImmediate();
    }
    if (of.seeds.length < SEEDS_KEPT) of.seeds.push(seed);
  }
  return findings;
}

function kindOf({ violations }: Findings, rule: string, message: string): Kind {
  const known = violations[rule];
  if (known) return known;
  const kind = { count: 0, seeds: [], message };
  violations[rule] = kind;
  return kind;
}

export function merged(all: readonly Findings[]): Findings {
  const sum: Findings = { histories: 0, inputs: 0, events: 0, violations: {} };
  for (const { histories, inputs, events, violations } of all) {
    sum.histories += histories;
    sum.inputs += inputs;
    sum.events += events;
    for (const [rule, one] of Object.entries(violations)) {
      const of = kindOf(sum, rule, one.message);
      of.count += one.count;
      of.seeds.push(...one.seeds);
    }
  }
  return sum;
}
