import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  findings,
  inRepository,
  type Manifest,
  publishedPackages,
  read,
  repositoryFiles,
} from './support/repository.ts';

const TEXT_FILE =
  /(?:\.(?:ts|mts|mjs|cjs|js|json|jsonl|md|txt|yml|yaml|sh|html|css)|^[^.]+|\.ci\/.+)$/;
const MAX_LINES = 400;

/** `file:line text` for each line of the files that matches. */
function linesMatching(files: readonly string[], pattern: RegExp, readText = read): string[] {
  return files.flatMap((file) =>
    readText(file)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${index + 1} ${line.trim().slice(0, 120)}`] : [],
      ),
  );
}

/** The text with comments blanked, lines kept: a doc comment may well name the clock it stands for. */
function readCode(file: string): string {
  const blank = (comment: string) => comment.replaceAll(/[^\n]/g, ' ');
  return read(file).replaceAll(/\/\*.*?\*\/|(?<!:)\/\/[^\n]*/gs, blank);
}

// The patterns are put together from pieces, so that this file does not match itself.
const MACHINE_PATH = new RegExp(
  ['work', 'root', 'farm', 'home/[a-z]+', 'Users/[A-Za-z]+', 'tmp/[a-z]+']
    .map((folder) => `(?<![\\w.@-])/${folder}/`)
    .join('|'),
);
const REGISTRY = new RegExp(
  ['npmjs', 'yarnpkg', 'npmmirror'].map((host) => `registry\\.${host}`).join('|'),
);

it('no path of one machine is committed', () => {
  const found = linesMatching(repositoryFiles(TEXT_FILE), MACHINE_PATH);

  expect(findings('Use a path relative to the repository, or os.tmpdir():', found)).toBe('');
});

it('no registry address is committed', () => {
  const found = linesMatching(repositoryFiles(TEXT_FILE), REGISTRY);

  expect(findings('Remove the address; a registry is a setting of the machine:', found)).toBe('');
});

it('no test is left out or run alone', () => {
  const found = linesMatching(
    repositoryFiles(/\.test\.ts$/),
    /\b(?:it|test|describe|suite)\.(?:only|skip|skipIf|runIf|todo)\b/,
  );

  expect(findings('Run the test, or delete it and say why in the commit:', found)).toBe('');
});

it('core and the tests take time from a clock they are given', () => {
  const files = repositoryFiles(/^packages\/core\/src\/.*\.ts$|\.test\.ts$/);
  const found = linesMatching(
    files,
    /\b(?:Date\.now|performance\.now|setTimeout|setInterval) ?\(/,
    readCode,
  );

  expect(findings('Take a Clock; in a test, use ManualClock:', found)).toBe('');
});

it('a test that waits says for how long, since the default of 1 s is too short for a busy machine', () => {
  const found = repositoryFiles(/^(?!\.).*\/test[^/]*\/.*\.ts$/).flatMap((file) => {
    const code = readCode(file);
    return [...code.matchAll(/\b(?:vi\.wait(?:For|Until)|expect\.poll)(?:<[^(]*>)?\(/g)]
      .filter(({ 0: call, index }) => argumentCount(code, index + call.length) < 2)
      .map(({ index }) => `${file}:${code.slice(0, index).split('\n').length}`);
  });

  expect(argumentCount('() => f(1, 2), SOON)', 0)).toBe(2);
  expect(argumentCount('() => f(1, 2),\n)', 0)).toBe(1);
  expect(findings('Give a timeout of 20 s or more:', found)).toBe('');
});

/** How many arguments a call has, from the place after its opening bracket on. */
function argumentCount(code: string, from: number): number {
  let depth = 1;
  let argument = '';
  let count = 0;
  for (let at = from; depth > 0 && at < code.length; at += 1) {
    const sign = code[at] ?? '';
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    if (depth === 0 || (depth === 1 && sign === ',')) {
      if (argument.trim() !== '') count += 1;
      argument = '';
    } else argument += sign;
  }
  return count;
}

it('no source file is too long to read in one go', () => {
  const long = repositoryFiles(/\.(?:ts|mts|mjs|js)$/)
    .map((file) => ({ file, lineCount: read(file).split('\n').length - 1 }))
    .filter(({ lineCount }) => lineCount > MAX_LINES)
    .map(({ file, lineCount }) => `${file}: ${lineCount} lines`);

  expect(findings(`Split by idea; ${MAX_LINES} lines is the limit:`, long)).toBe('');
});

it('each published package says where its source is and where bugs go', () => {
  const { repository, bugs } = JSON.parse(read('package.json')) as Manifest;
  const wrong = [...publishedPackages()]
    .filter(
      ([folder, manifest]) =>
        manifest.repository?.url !== repository?.url ||
        manifest.repository?.directory !== folder ||
        manifest.bugs !== bugs ||
        !manifest.homepage?.endsWith(`/${folder}#readme`) ||
        !manifest.keywords?.length,
    )
    .map(([folder]) => `${folder}/package.json`);

  expect(repository?.url).toMatch(/^git\+https:/);
  expect(findings('Set repository, bugs, homepage and keywords as the others do:', wrong)).toBe('');
});

it('each published package carries the licence and the notice', () => {
  const wrong = [...publishedPackages().keys()]
    .flatMap((folder) => [`${folder}/LICENSE`, `${folder}/NOTICE`])
    .filter((copy) => {
      const original = copy.slice(copy.lastIndexOf('/') + 1);
      return !existsSync(inRepository(copy)) || read(copy) !== read(original);
    });

  expect(findings('npm packs only what is in the folder; copy from the root:', wrong)).toBe('');
});
