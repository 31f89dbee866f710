import type { Coverage } from './coverage.ts';
import { mutateBytes, mutateText } from './mutate.ts';
import { Random } from './random.ts';
import { bytesOf, type Input, inputOf, type Target } from './target.ts';

export interface Campaign {
  readonly target: Target;
  readonly corpus: readonly Input[];
  readonly words: readonly string[];
  readonly coverage: Coverage;
  readonly seed: number;
  readonly isOver: () => boolean;
  /** Before each input. */
  readonly willRun: (input: Input) => void;
}

/** What a campaign found. */
export interface Findings {
  runs: number;
  /** Inputs that ran code, or had an outcome, that no earlier one had. */
  readonly kept: Input[];
  /** What went wrong, by message, with the shortest input. */
  readonly faults: Map<string, Input>;
}

/** To look at the coverage costs as much as a thousand inputs. */
const BATCH = 256;
/** One input may take this much of the processor, three times in a row. */
const SLOW_MS = 300;
/** Kinds of fault that are kept. */
const MOST_FAULTS = 10;

/** Changes inputs, runs them, and keeps those that reach something new. */
export function fuzz({
  target,
  corpus,
  words,
  coverage,
  seed,
  isOver,
  willRun,
}: Campaign): Findings {
  const random = new Random(seed);
  const findings: Findings = { runs: 0, kept: [], faults: new Map() };
  const pool = [...corpus];
  const outcomes = new Set<string>();
  const run = (input: Input): void => {
    findings.runs += 1;
    willRun(input);
    const startedAtMs = performance.now();
    try {
      const outcome = target.run(input);
      if (!outcomes.has(outcome) && outcomes.size < 200) {
        outcomes.add(outcome);
        keep(input);
      }
    } catch (error) {
      note(findings, target, input, error);
    }
    if (performance.now() - startedAtMs > SLOW_MS && isSlow(target, input))
      note(findings, target, input, new Error(`slow: more than ${SLOW_MS} ms`));
  };
  const keep = (input: Input): void => {
    if (pool.includes(input)) return;
    pool.push(input);
    findings.kept.push(input);
  };
  /** Keeps those of the inputs that reach new code. */
  const locate = (inputs: readonly Input[]): void => {
    coverage.skip();
    for (const input of inputs) run(input);
    if (!coverage.hasNew(inputs.length === 1)) return;
    if (inputs.length === 1) {
      for (const input of inputs) keep(input);
      return;
    }
    const half = Math.ceil(inputs.length / 2);
    locate(inputs.slice(0, half));
    locate(inputs.slice(half));
  };
  for (const input of corpus) run(input);
  coverage.hasNew(true);
  while (!isOver() && findings.faults.size < MOST_FAULTS) {
    const batch = Array.from({ length: BATCH }, () => change(target, pool, words, random));
    for (const input of batch) run(input);
    if (coverage.hasNew(false)) locate(batch);
  }
  return findings;
}

function change(
  { form }: Target,
  pool: readonly Input[],
  words: readonly string[],
  random: Random,
): Input {
  // What was found last leads on.
  const recent = pool.slice(-20);
  const one = random.of(random.below(3) === 0 ? recent : pool);
  const other = random.of(pool);
  if (form === 'text') return mutateText(one, other, words, random);
  return inputOf(mutateBytes(bytesOf(one), bytesOf(other), random));
}

/** By the time that the process ran: a busy machine lets it wait for as long again. */
function isSlow(target: Target, input: Input): boolean {
  return [1, 2, 3].every(() => {
    const before = process.cpuUsage();
    try {
      target.run(input);
    } catch {}
    return process.cpuUsage(before).user / 1000 > SLOW_MS;
  });
}

function note({ faults }: Findings, target: Target, input: Input, error: unknown): void {
  const kind = kindOf(error);
  if (faults.has(kind)) return;
  faults.set(
    kind,
    shorter(input, (part) => {
      try {
        target.run(part);
        return kind.startsWith('slow') && isSlow(target, part);
      } catch (other) {
        return kindOf(other) === kind;
      }
    }),
  );
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place =
    error.stack
      ?.split('\n')[1]
      ?.trim()
      .replace(/\(?file:.*\/packages/, 'packages') ?? '';
  return `${error.message.slice(0, 200)} ${place}`;
}

/** Leaves out parts, from halves down to single characters, as long as it stays a fault of the same kind. */
function shorter(input: Input, isSame: (part: Input) => boolean): Input {
  let best = input;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.length; ) {
      const part = best.slice(0, at) + best.slice(at + size);
      if (isSame(part)) best = part;
      else at += size;
    }
  }
  return best;
}
