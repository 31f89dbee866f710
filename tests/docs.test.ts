import { expect, it } from 'vitest';
import { compileErrors, tsBlocks } from './support/document_blocks.ts';
import { findings, read, repositoryFiles } from './support/repository.ts';

// The compiler reads all of @livekit/agents' types for this.
const COMPILE_TIMEOUT_MS = 120_000;

it(
  'each ts block of the READMEs compiles against the source',
  () => {
    const documents = repositoryFiles(/^(?:packages\/[^/]+\/)?README\.md$/);
    const blocks = documents.flatMap((document) => tsBlocks(document, read(document)));

    expect(documents, 'README.md is missing').toContain('README.md');
    expect(
      findings('Correct the example (each block is a whole module):', compileErrors(blocks)),
    ).toBe('');
  },
  COMPILE_TIMEOUT_MS,
);

it('an error in a block is reported at its line of the document', () => {
  const markdown =
    '# Title\n\n```ts\nexport const one = 1;\nexport const two: string = one;\n```\n';

  expect(compileErrors(tsBlocks('GUIDE.md', markdown))).toEqual([
    "GUIDE.md:5 Type 'number' is not assignable to type 'string'.",
  ]);
});
