import type { TraceLine } from './format.ts';

/** The instant of a line, in ms on the agent's clock; `undefined` for the header. */
export function lineAtMs(line: TraceLine): number | undefined {
  switch (line.kind) {
    case 'header':
      return undefined;
    case 'input':
      return line.input.atMs;
    case 'event':
      return line.event.atMs;
    case 'note':
      return line.note.atMs;
  }
}
