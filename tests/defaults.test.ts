import { DEFAULT_TIMELINE_OPTIONS } from '@oncue/core';
import { expect, it } from 'vitest';
import { findings, read } from './support/repository.ts';

const PAGE = 'docs/guide/defaults.md';
/** The options of a room, and the constants that they name. */
const ROOM = ['room_options.ts', 'room_path.ts'].map(
  (file) => `packages/livekit/src/listeners/room/${file}`,
);

/** `| `name` | in a room | elsewhere | …`; a cell of a room may say more than its number. */
const ROW = /^\| `(\w+Ms)` \| (\d+)(?:,[^|]*)? \| (\d+) \|/gm;

interface Row {
  readonly name: string;
  readonly inRoom: string;
  readonly elsewhere: number;
}

it('the defaults of the estimate in the documentation are those of the code', () => {
  const rows = rowsOf(read(PAGE));
  const options: Readonly<Record<string, number>> = { ...DEFAULT_TIMELINE_OPTIONS };
  const wrong = rows
    .filter(({ name, elsewhere }) => options[name] !== elsewhere)
    .map(({ name, elsewhere }) => `${name}: ${elsewhere}, and ${options[name]} in the code`);
  const wrongInRoom = rows
    .filter(({ name, inRoom }) => inRoom !== valueInRoom(ROOM.map(read).join('\n'), name, options))
    .map(({ name, inRoom }) => `${name} in a room: ${inRoom}`);

  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(options).sort());
  expect(findings(`Correct ${PAGE}, or the code:`, [...wrong, ...wrongInRoom])).toBe('');
});

it('a row that says something else is found', () => {
  expect(rowsOf('| `reportTimeoutMs` | 800, and more | 500 | text |')).toEqual([
    { name: 'reportTimeoutMs', inRoom: '800', elsewhere: 500 },
  ]);
  expect(valueInRoom('const A = 7;\n  reportTimeoutMs: A,', 'reportTimeoutMs', {})).toBe('7');
});

function rowsOf(markdown: string): Row[] {
  return [...markdown.matchAll(ROW)].map(([, name = '', inRoom = '', elsewhere]) => ({
    name,
    inRoom,
    elsewhere: Number(elsewhere),
  }));
}

/** What a room sets, as a number or by the name of a constant; what it leaves out is as elsewhere. */
function valueInRoom(
  code: string,
  name: string,
  options: Readonly<Record<string, number>>,
): string | undefined {
  const set = new RegExp(`^ {2}${name}: (\\w+),`, 'm').exec(code)?.[1];
  if (set === undefined) return String(options[name]);
  return new RegExp(`^(?:export )?const ${set} = (\\d+);`, 'm').exec(code)?.[1] ?? set;
}
