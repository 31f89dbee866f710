import { parseArgs } from 'node:util';
import { runWithUsage, wrongArgument } from '../scripts/run_with_usage.mjs';
import { askProgram } from './src/external_end.ts';
import { summaryOf } from './src/summary.ts';
import { KINDS, type Question, questions } from './src/vectors.ts';

const USAGE = `npm run conformance -- --exec COMMAND [options]

Tests a program that speaks Oncue's protocol (docs/reference/protocol.md).

  --exec "python3 my_end.py"   asks this program all questions
  --kind reporter              only those of this kind; may be given again
  --without trace              all but this kind; may be given again
  --print                      prints the questions and what is expected, and asks nobody

Kinds: ${Object.keys(KINDS).join(', ')}.

Exit code 0: every question that was asked has passed. 1: one has failed, or was answered with notImplemented, or the program
stopped. 2: an argument is wrong. Oncue's own answers are tested by npm test.
`;

await runWithUsage(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      exec: { type: 'string' },
      kind: { type: 'string', multiple: true, default: Object.keys(KINDS) },
      without: { type: 'string', multiple: true, default: [] },
      print: { type: 'boolean' },
    },
  });
  const unknown = [...values.kind, ...values.without].find((kind) => !Object.hasOwn(KINDS, kind));
  if (unknown !== undefined) throw wrongArgument(`there is no kind ${unknown}`);
  const kinds = values.kind.filter((kind) => !values.without.includes(kind));
  if (kinds.length === 0) throw wrongArgument('--without leaves no kind to ask');
  const asked = questions(kinds);
  if (values.print) print(asked);
  else if (values.exec === undefined) throw wrongArgument('--exec says which program is tested');
  else await test(values.exec, asked);
});

function print(all: readonly Question[]): void {
  for (const [id, { kind, name, input, expected }] of all.entries())
    process.stdout.write(`${JSON.stringify({ id, kind, name, input, expected })}\n`);
}

async function test(command: string, asked: readonly Question[]): Promise<void> {
  try {
    const { text, isPassed } = summaryOf(await askProgram(command, asked));
    process.stdout.write(text);
    process.exitCode = isPassed ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
