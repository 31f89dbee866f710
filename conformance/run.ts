import { parseArgs } from 'node:util';
import { askProgram, type Result } from './src/external_end.ts';
import { KINDS, type Question, questions } from './src/vectors.ts';

const HELP = `Tests a program that speaks Oncue's protocol (docs/reference/protocol.md).

  npm run conformance -- --exec "python3 my_end.py"   asks the program all questions
  npm run conformance -- --exec … --kind reporter     only those of one kind; may be given again
  npm run conformance -- --print                      prints the questions and what is expected

Kinds: ${Object.keys(KINDS).join(', ')}. Oncue's own answers are tested by npm test.
`;

const { values } = parseArgs({
  options: {
    exec: { type: 'string' },
    kind: { type: 'string', multiple: true },
    print: { type: 'boolean' },
  },
});
const asked = questions(values.kind);

if (values.print) print(asked);
else if (values.exec === undefined) process.stdout.write(HELP);
else report(await askProgram(values.exec, asked));

function print(all: readonly Question[]): void {
  for (const [id, { kind, name, input, expected }] of all.entries())
    process.stdout.write(`${JSON.stringify({ id, kind, name, input, expected })}\n`);
}

function report(results: readonly Result[]): void {
  for (const { kind, name, problems = [] } of results)
    for (const problem of problems) process.stdout.write(`${kind}: ${name}\n  ${problem}\n`);
  for (const kind of new Set(results.map((result) => result.kind))) {
    const ofKind = results.filter((result) => result.kind === kind);
    const done = ofKind.filter(({ problems }) => problems !== undefined);
    const passed = done.filter(({ problems }) => problems?.length === 0).length;
    const said = done.length === 0 ? 'not implemented' : `${passed} of ${ofKind.length} pass`;
    process.stdout.write(`${kind}: ${said}\n`);
  }
  const failed = results.filter(({ problems }) => problems !== undefined && problems.length > 0);
  const isEmpty = results.every(({ problems }) => problems === undefined);
  if (failed.length > 0 || isEmpty) process.exitCode = 1;
}
