import path from 'node:path';
import { expect, it } from 'vitest';
import { findings, ignoredButCommitted, read, repositoryFiles } from './support/repository.ts';

const DOCUMENT = /\.md$/;
const SOURCE = /^(?!tests\/named_files).*\.(?:ts|tsx|mts|mjs|js|jsonc|yml|sh)$/;

/** Files that documents speak of and that are not here: those of LiveKit, and those that a user has. */
const ELSEWHERE = new RegExp(
  [
    // The source of @livekit/agents.
    '^(?:voice|tts|llm|stt|livekit-agents)/',
    '^(?:agent_activity|constants|types|utils)\\.ts$',
    // The name by which an application imports a file.
    '^@',
    // A user's own.
    '^(?:my_|\\./|no_such)',
    '^package(?:-lock)?\\.json$',
  ].join('|'),
);

/** In backticks: a path with a file ending, or one that begins with a folder of the repository. */
const NAMED =
  /`((?:[\w.@-]+\/)*[\w.-]+\.(?:ts|tsx|mts|mjs|js|md|sh|json|yml)|[\w-]+\/[\w./-]*\w\/?)`/g;
const HAS_ENDING = /\.(?:ts|tsx|mts|mjs|js|md|sh|json|yml)$/;

const files = repositoryFiles();
const folders = new Set(files.flatMap(foldersAbove));
const roots = new Set([...folders].filter((folder) => !folder.includes('/')));

it('no file that git ignores is committed, as copies and builds are', () => {
  expect(findings('Take out with `git rm --cached`:', ignoredButCommitted())).toBe('');
});

it('every file or folder that a document names exists', () => {
  const documents = repositoryFiles(DOCUMENT);
  const missing = documents.flatMap((document) => missingIn(document, read(document)));

  expect(documents.length).toBeGreaterThan(10);
  expect(findings('Correct the name, or remove it:', missing)).toBe('');
});

it('every file or folder that a comment names exists', () => {
  const missing = repositoryFiles(SOURCE).flatMap((file) =>
    missingIn(file, commentsOf(read(file))),
  );

  expect(findings('Correct the name, or remove it:', missing)).toBe('');
});

it.each([
  ['`tests/named_files.test.ts`, `named_files.test.ts`, `packages/core/src/step`', []],
  ['`gone_file.ts`', ['GUIDE.md:1 gone_file.ts']],
  ['`packages/core/src/gone`', ['GUIDE.md:1 packages/core/src/gone']],
  ['`@oncue/core/wire`, `owner/repository`, `and/or`', []],
])('of %s it finds %j', (text, missing) => {
  expect(missingIn('GUIDE.md', text)).toEqual(missing);
});

/** `file:line name` for each name that stands for nothing in the repository. */
function missingIn(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    [...line.matchAll(NAMED)]
      .map(([, name = '']) => name.replace(/\/$/, ''))
      .filter((name) => !ELSEWHERE.test(name) && !exists(file, name))
      .map((name) => `${file}:${index + 1} ${name}`),
  );
}

/** A file may be named by the end of its path; a folder from the root, or from the package that the text is in. */
function exists(from: string, name: string): boolean {
  if (HAS_ENDING.test(name)) {
    // What a page loads is built from TypeScript.
    const names = [name, name.replace(/\.js$/, '.ts')];
    return names.some((one) => files.some((file) => file === one || file.endsWith(`/${one}`)));
  }
  const isOfRepository = roots.has(name.split('/')[0] ?? '');
  const near = foldersAbove(from).map((folder) => path.posix.join(folder, name));
  return !isOfRepository || [name, ...near].some((folder) => folders.has(folder));
}

function foldersAbove(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** The text with all but its comments blanked, lines kept. */
function commentsOf(code: string): string {
  const kept = /\/\*.*?\*\/|(?<!:)\/\/[^\n]*|^#[^\n]*/gms;
  let at = 0;
  let comments = '';
  for (const { 0: comment, index } of code.matchAll(kept)) {
    comments += code.slice(at, index).replaceAll(/[^\n]/g, ' ') + comment;
    at = index + comment.length;
  }
  return comments;
}
