import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { compileErrors, diffBlocks, tsBlocks } from './support/document_blocks.ts';
import { findings, inRepository, read, repositoryFiles } from './support/repository.ts';

/** What is meant to be read in one go. */
const MAX_LINES: Readonly<Record<string, number>> = { 'README.md': 90, 'ARCHITECTURE.md': 90 };

const DOCUMENTS = /^(?:packages\/[^/]+\/README|[^/]+|docs\/.*)\.md$/;

/** How many lines Oncue may add to an agent that somebody has. */
const MAX_ADDED_LINES = 3;

/** `diff`: both sides are compiled. `sh`: what to type; it is parsed. No language: what a program prints, a query, or a tree of folders. */
const COMPILED_OR_NO_CODE = new Set(['ts', 'tsx', 'diff', 'sh', '']);

// The compiler reads all of @livekit/agents' types for this.
const COMPILE_TIMEOUT_MS = 120_000;

it(
  'each ts block of the documents compiles against the source',
  () => {
    const documents = repositoryFiles(DOCUMENTS);
    const blocks = documents.flatMap((document) => tsBlocks(document, read(document)));

    expect(documents, 'README.md is missing').toContain('README.md');
    expect(
      findings('Correct the example (each block is a whole module):', compileErrors(blocks)),
    ).toBe('');
  },
  COMPILE_TIMEOUT_MS,
);

it(
  'each diff of the documents adds Oncue to plain LiveKit, and both sides compile',
  () => {
    const diffs = repositoryFiles(DOCUMENTS).flatMap((document) =>
      diffBlocks(document, read(document)),
    );
    const wrong = diffs.flatMap(({ at, before, addedLines, removedLines }) => [
      ...(/oncue/i.test(before.code) ? [`${at} has Oncue before it is added`] : []),
      ...(removedLines.length > 0 ? [`${at} removes a line`] : []),
      ...(addedLines.length > MAX_ADDED_LINES ? [`${at} adds ${addedLines.length} lines`] : []),
      ...(addedLines.some((line) => /oncue/i.test(line)) ? [] : [`${at} does not add Oncue`]),
    ]);
    const sides = diffs.flatMap(({ before, after }) => [before, after]);

    expect(diffs.length).toBeGreaterThan(4);
    expect(findings(`Show what is plain LiveKit, and add ${MAX_ADDED_LINES} lines:`, wrong)).toBe(
      '',
    );
    expect(findings('Correct the diff:', compileErrors(sides))).toBe('');
  },
  COMPILE_TIMEOUT_MS,
);

it('the lines of a diff are taken apart, and an error is reported at its line', () => {
  const markdown =
    '# Title\n\n```diff\n const one = 1;\n+const two: string = one;\n-removed;\n```\n';
  const [diff] = diffBlocks('GUIDE.md', markdown);

  expect(diff?.addedLines).toEqual(['+const two: string = one;']);
  expect(diff?.removedLines).toEqual(['-removed;']);
  expect(diff?.before.code).toBe('const one = 1;\n\nremoved;');
  expect(compileErrors(diff ? [diff.after] : [])).toEqual([
    "GUIDE.md:5 Type 'number' is not assignable to type 'string'.",
  ]);
});

it('each block of code is one that is compiled, or commands that are parsed', () => {
  const others = repositoryFiles(DOCUMENTS).flatMap((document) =>
    uncheckedFences(document, read(document)),
  );

  expect(findings('Write it as ```ts from the first column, so that it is compiled:', others)).toBe(
    '',
  );
});

it('a block that no check reads is found', () => {
  const hidden = [
    '```js\na\n```',
    '- list\n\n  ```ts\n  a\n  ```',
    '~~~\na\n~~~',
    '````ts\na\n````',
  ];

  for (const markdown of hidden)
    expect(uncheckedFences('GUIDE.md', `# Title\n\n${markdown}\n`)).not.toEqual([]);
  expect(uncheckedFences('GUIDE.md', '```ts\na\n```\n\n```sh\nb\n```\n')).toEqual([]);
});

it('each command of the documents can be parsed, and each script that it runs exists', () => {
  const wrong = repositoryFiles(DOCUMENTS).flatMap((document) =>
    wrongCommands(document, read(document)),
  );

  expect(findings('Correct the command:', wrong)).toBe('');
  const markdown = '```sh\nnpm run no-such-script\n```\n\n```sh\necho "half\n```\n';
  expect(wrongCommands('GUIDE.md', markdown)).toHaveLength(2);
});

it('an error in a block is reported at its line of the document', () => {
  const markdown =
    '# Title\n\n```ts\nexport const one = 1;\nexport const two: string = one;\n```\n';

  expect(compileErrors(tsBlocks('GUIDE.md', markdown))).toEqual([
    "GUIDE.md:5 Type 'number' is not assignable to type 'string'.",
  ]);
});

it('a document of one page stays one page', () => {
  const long = Object.entries(MAX_LINES)
    .map(([file, most]) => ({ file, most, lineCount: read(file).split('\n').length - 1 }))
    .filter(({ most, lineCount }) => lineCount > most)
    .map(({ file, most, lineCount }) => `${file}: ${lineCount} lines, ${most} is the limit`);

  expect(findings('Move detail into docs/:', long)).toBe('');
});

it('the agent in README.md is the one that the minimal example runs', () => {
  const example = read('examples/minimal_agent/main.ts');
  const agents = tsBlocks('README.md', read('README.md'))
    .map(({ code }) => /class Concierge .*?\n}\n/s.exec(code)?.[0])
    .filter((agent) => agent !== undefined);

  expect(agents).toHaveLength(1);
  expect(example).toContain(agents[0]);
});

it('each link of a document leads to a file, and to a heading of it', () => {
  const documents = repositoryFiles(/\.md$/);
  const broken = documents.flatMap((document) => brokenLinks(document, read(document)));

  expect(documents.length).toBeGreaterThan(10);
  expect(findings('Correct the link:', broken)).toBe('');
});

it('a link to a missing file or heading is found', () => {
  const markdown = '[a](no_such_file.md), [b](README.md#no-such-heading), [c](README.md#try-it)';

  expect(brokenLinks('GUIDE.md', markdown)).toEqual([
    'GUIDE.md: no_such_file.md',
    'GUIDE.md: README.md#no-such-heading',
  ]);
});

/** `document: target` for each relative link that leads nowhere. */
function brokenLinks(document: string, markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !leadsSomewhere(document, target))
    .map((target) => `${document}: ${target}`);
}

function leadsSomewhere(document: string, target: string): boolean {
  const [file = '', heading] = target.split('#');
  const linked = file === '' ? document : path.posix.join(path.posix.dirname(document), file);
  if (!existsSync(inRepository(linked))) return false;
  return heading === undefined || headingsOf(read(linked)).includes(heading);
}

/** The anchors that GitHub gives the headings of a document. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** `document:line` of each fence that begins a block which is neither compiled nor parsed. */
function uncheckedFences(document: string, markdown: string): string[] {
  let isInside = false;
  return markdown.split('\n').flatMap((line, index) => {
    if (!/^[\s>]*(?:```|~~~)/.test(line)) return [];
    isInside = !isInside;
    const [, language] = /^```(\w*)$/.exec(line) ?? [];
    const isChecked = language !== undefined && COMPILED_OR_NO_CODE.has(language);
    return isChecked || (!isInside && line === '```') ? [] : [`${document}:${index + 1} ${line}`];
  });
}

/** The commands that a shell cannot parse, and those that run a script which package.json does not have. */
function wrongCommands(document: string, markdown: string): string[] {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  return [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, commands = '']) => {
    const { status, stderr } = spawnSync('sh', ['-n'], { input: commands, encoding: 'utf8' });
    const missing = [...commands.matchAll(/npm run (?:-s )?([\w:-]+)/g)]
      .map(([, script = '']) => script)
      .filter((script) => !(script in scripts));
    return [
      ...(status === 0 ? [] : [`${document}: ${stderr.trim()}`]),
      ...missing.map((script) => `${document}: npm run ${script}`),
    ];
  });
}
