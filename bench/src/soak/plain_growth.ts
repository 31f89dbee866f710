import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const RUN = fileURLToPath(new URL('../../run.ts', import.meta.url));

interface Printed {
  readonly figures: { readonly heapPerTurnKb?: number };
}

/**
 * How much LiveKit alone keeps of each turn, in kB of heap: sessions without Oncue, in a process of their own.
 *
 * @throws Error with what the process printed, if it gives no figures.
 */
export async function plainGrowth(minutes: number, sessions: number): Promise<number> {
  const args = ['soak', '--plain', '--minutes', String(minutes), '--sessions', String(sessions)];
  const child = spawn(process.execPath, [...process.execArgv, RUN, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const printed = await text(child.stdout);
  const line = printed.split('\n').find((one) => one.startsWith('{"bench":"soak"'));
  const { heapPerTurnKb } = line ? (JSON.parse(line) as Printed).figures : {};
  if (typeof heapPerTurnKb === 'number') return heapPerTurnKb;
  throw new Error(`sessions of LiveKit alone gave no figures, but: ${printed}`);
}
