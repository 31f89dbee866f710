import { cell, printFigures, printTable } from '../../shared/print_table.ts';
import { median } from '../../shared/stats.ts';
import type { CostRun, Kind } from './cost_run.ts';
import type { Counts, Traffic } from './traffic.ts';

export function printCost({ rounds, idle, speaking, silent, load }: CostRun): void {
  const above = (kind: Kind): number => median(rounds.map((round) => round[kind]));
  const ratio = (kind: Kind): number => median(rounds.map((round) => round[kind] / round.stock));
  printTable(
    'Processor time of the agents, ms for each second of speech, above idle; medians of rounds',
    ['', 'ms', 'ratio to LiveKit alone'],
    [
      ['LiveKit alone', cell(above('stock')), ''],
      ['Oncue', cell(above('oncue')), cell(ratio('oncue'), 2)],
      ['Oncue, a state between responses', cell(above('states')), cell(ratio('states'), 2)],
    ],
  );
  printTable(
    "Oncue's packets, a minute",
    ['', 'to the listener', 'kB', 'from the listener', 'kB'],
    [rowOf('speaking', speaking), rowOf('silent', silent)],
  );
  for (const [name, traffic] of Object.entries({ speaking, silent }))
    console.log(
      `  ${name}: to ${typesOf(traffic.toListener, traffic)}; from ${typesOf(traffic.fromListener, traffic)}`,
    );
  console.log(`
  One process, both agents in it, each in a room of its own with a listener in another process, and no browser. LiveKit
  alone: the same speech as a FlushSentinel separates it. ${rounds.length} rounds, ${cell(median(idle))} ms a second while both are
  silent, load ${cell(load)}. A busy machine makes all of it dearer; the ratio is what compares.
`);
  printFigures('cost', {
    cpu_stock_ms_per_second_of_speech: above('stock'),
    cpu_oncue_ms_per_second_of_speech: above('oncue'),
    cpu_states_ms_per_second_of_speech: above('states'),
    cpu_oncue_ratio: ratio('oncue'),
    cpu_states_ratio: ratio('states'),
    idle_ms_per_second: median(idle),
    ...figuresOf('speaking', speaking),
    ...figuresOf('silent', silent),
    load,
  });
}

function figuresOf(name: string, traffic: Traffic): Record<string, number> {
  const { toListener, fromListener } = traffic;
  return {
    [`${name}_to_packets_per_minute`]: perMinute(toListener.packets, traffic),
    [`${name}_to_bytes_per_minute`]: perMinute(toListener.bytes, traffic),
    [`${name}_from_packets_per_minute`]: perMinute(fromListener.packets, traffic),
    [`${name}_from_bytes_per_minute`]: perMinute(fromListener.bytes, traffic),
  };
}

function perMinute(count: number, { lastedMs }: Traffic): number {
  return (count * 60_000) / lastedMs;
}

function rowOf(name: string, traffic: Traffic): string[] {
  const { toListener, fromListener } = traffic;
  const cells = [toListener, fromListener].flatMap(({ packets, bytes }) => [
    cell(perMinute(packets, traffic), 0),
    cell(perMinute(bytes, traffic) / 1000, 0),
  ]);
  return [name, ...cells];
}

function typesOf({ types }: Counts, traffic: Traffic): string {
  return [...types]
    .map(([type, count]) => `${type} ${cell(perMinute(count, traffic), 0)}`)
    .join(', ');
}
