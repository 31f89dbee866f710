import type { Verdict } from './judge/verdict.ts';

const RANKS = ['right', 'better than plain', 'as plain', 'worse than plain'] as const;

/** The table of a run: how many of each, and each that is worse or overstated, and why. */
export function tableOf(verdicts: readonly Verdict[]): string {
  const lines = ['', `Oncue beside plain LiveKit, ${verdicts.length} scenarios`];
  for (const rank of RANKS) {
    const count = verdicts.filter((verdict) => verdict.rank === rank).length;
    lines.push(`  ${rank.padEnd(18)} ${String(count).padStart(4)}`);
  }
  const overstated = verdicts.filter((verdict) => verdict.overstated.length > 0);
  lines.push(`  ${'overstated'.padEnd(18)} ${String(overstated.length).padStart(4)}`);
  const wrong = verdicts.filter(
    (verdict) => verdict.rank === 'worse than plain' || verdict.overstated.length > 0,
  );
  for (const verdict of wrong) {
    lines.push(`\n  ${verdict.scenario}`);
    for (const reason of verdict.worse) lines.push(`    worse: ${reason}`);
    for (const reason of verdict.overstated) lines.push(`    overstated: ${reason}`);
  }
  lines.push('\n  as plain LiveKit, with the error that both have:');
  for (const { rank, scenario, wrong: errors } of verdicts)
    if (rank === 'as plain') lines.push(`  ${scenario} | ${errors.join(' | ')}`);
  return `${lines.join('\n')}\n`;
}
