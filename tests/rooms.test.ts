import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { findings, read, repositoryFiles } from './support/repository.ts';

/** A folder with more files than this is no longer read at a glance. Split it by what its files are about. */
const MAX_FILES_IN_FOLDER = 17;

const SOURCE =
  /^(?:packages\/[^/]+\/(?:src|page|worker)|(?:bench|compare|conformance|demo|fuzz|simulate)\/src|testbed\/(?:src|page)|examples|tests\/support)\/.*\.(?:ts|tsx|js)$/;

/** What the pure step may use from the root of core: values and plain functions. */
const ALLOWED_IN_STEP = [
  'errors',
  'events',
  'heard_text',
  'audible_text',
  'place_in_audio',
  'options',
  'units',
];

/** Relative imports of a file, as repository paths. Type-only imports count too. */
function importsOf(file: string): string[] {
  return ts
    .preProcessFile(read(file), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => path.posix.join(path.posix.dirname(file), specifier));
}

it('no source folder holds more files than one can take in', () => {
  const counts = new Map<string, number>();
  for (const file of repositoryFiles(SOURCE)) {
    const folder = path.posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const crowded = [...counts]
    .filter(([, count]) => count > MAX_FILES_IN_FOLDER)
    .map(([folder, count]) => `${folder}: ${count} files`);

  expect(counts.size).toBeGreaterThan(20);
  expect(findings(`Split by idea; ${MAX_FILES_IN_FOLDER} is the limit:`, crowded)).toBe('');
});

/** The folders of Studio's page, lowest first. Its root files hold them together. */
const PAGE_FOLDERS = ['model', 'sound', 'timeline', 'panels'];

it('the folders of the page of Studio import one way, from the panels down to the model', () => {
  const levelOf = (file: string): number =>
    PAGE_FOLDERS.indexOf(/^packages\/studio\/page\/([^/]+)\//.exec(file)?.[1] ?? '');
  const isPageRoot = (file: string): boolean => /^packages\/studio\/page\/[^/]+$/.test(file);
  const isUpward = (file: string, to: string): boolean =>
    levelOf(to) > levelOf(file) || (levelOf(file) < 2 && isPageRoot(to));
  const files = PAGE_FOLDERS.flatMap((folder) =>
    repositoryFiles(new RegExp(`^packages/studio/page/${folder}/.*\\.tsx?$`)),
  );
  const upward = files.flatMap((file) =>
    importsOf(file)
      .filter((to) => isUpward(file, to))
      .map((to) => `${file} imports ${to}`),
  );

  expect(files.length).toBeGreaterThan(20);
  expect(findings('The model knows traces, and nothing of how they are drawn:', upward)).toBe('');
});

it('ARCHITECTURE.md draws each folder of the repository, and each room of a package', () => {
  const drawing = /^## The rooms\n+```\n(.*?)^```/ms.exec(read('ARCHITECTURE.md'))?.[1] ?? '';
  const undrawn = roomsOf(repositoryFiles()).filter((room) => !isDrawn(drawing, room));

  expect(drawing).not.toBe('');
  expect(findings('Draw in "The rooms" of ARCHITECTURE.md:', undrawn)).toBe('');
});

it('a room that is not drawn is found', () => {
  const drawing = 'packages/core   src/step/ the step\ntests  checks\n';
  const files = ['packages/core/src/step/step.ts', 'packages/core/src/wire/parse.ts', 'demo/a.ts'];

  expect(roomsOf(files).filter((room) => !isDrawn(drawing, room))).toEqual([
    'packages/core: wire',
    'demo',
  ]);
});

it('no imports form a circle, type imports included', () => {
  const graph = new Map(repositoryFiles(SOURCE).map((file) => [file, importsOf(file)]));

  expect(graph.size).toBeGreaterThan(200);
  expect(findings('Move what both need into a third file:', circlesIn(graph))).toBe('');
});

it('each AsyncLocalStorage is made once a process, not once a session', () => {
  const files = repositoryFiles(/^packages\/[^/]+\/src\/.*\.ts$/);
  const made = files.filter((file) => read(file).includes('new AsyncLocalStorage'));
  const inside = made.filter((file) => /^\s+readonly .*new AsyncLocalStorage/m.test(read(file)));

  expect(made.length).toBeGreaterThan(0);
  expect(findings('Node keeps each for good, and every promise pays for it:', inside)).toBe('');
});

it('a circle of imports is found', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
  ]);

  expect(circlesIn(graph)).toEqual(['a → b → c → a']);
});

/** What a pure function does not use: clocks, timers, chance, promises and the world outside. Comments may name them. */
const IMPURE =
  /\b(?:Promise|async|await|AbortSignal|AbortController|Math\.random|Date|performance|process|globalThis|crypto|fetch|console|set(?:Timeout|Interval|Immediate)|queueMicrotask|structuredClone)\b|\.(?:then|catch|finally)\(/;

function impureIn(file: string, text: string): string[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => !/^(?:\/?\*|\/\/)/.test(line) && IMPURE.test(line))
    .map(({ line, number }) => `${file}:${number} ${line}`);
}

it.each(['Date', 'performance', 'setTimeout', 'Math.random', 'wait().then()', 'await'])(
  '%s in a pure function is found',
  (name) => {
    const text = `/** Not ${name}. */\nuse(${name});\nconst held = state.held;`;

    expect(impureIn('a.ts', text)).toEqual([`a.ts:2 use(${name});`]);
  },
);

it('the step of core is pure: it imports no shell, clock, promise or emitter', () => {
  const files = repositoryFiles(/^packages\/core\/src\/step\/.*\.ts$/);
  const outside = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => !target.startsWith('packages/core/src/step/'))
      .filter((target) => !ALLOWED_IN_STEP.includes(path.posix.basename(target, '.ts')))
      .map((target) => `${file} imports ${target}`),
  );
  const pure = [...files, ...repositoryFiles(/^packages\/core\/src\/heard_text\/.*\.ts$/)];
  const impure = pure.flatMap((file) => impureIn(file, read(file)));

  expect(files.length).toBeGreaterThan(10);
  expect(findings('Give the step what it needs in its input:', [...outside, ...impure])).toBe('');
});

/** `packages/core: wire` for each folder of its source, and `demo` for each folder at the root. */
function roomsOf(files: readonly string[]): string[] {
  const rooms = files.map((file) => {
    const [, owner, room] = /^(packages\/[^/]+)\/(?:src|page)\/([^/]+)\//.exec(file) ?? [];
    if (owner !== undefined) return `${owner}: ${room}`;
    return /^(?!packages\/)([^./][^/]*)\//.exec(file)?.[1];
  });
  return [...new Set(rooms)].filter((room) => room !== undefined);
}

/** Whether the lines of its package name a room, or some line begins with a folder. */
function isDrawn(drawing: string, room: string): boolean {
  const [owner = '', inner] = room.split(': ');
  const of = drawing.split(/^(?=\S)/m);
  if (inner !== undefined)
    return of.some((lines) => lines.startsWith(`${owner} `) && lines.includes(`${inner}/`));
  return of.some((lines) => /^[\w, ]+?(?= {2})/.exec(lines)?.[0].split(', ').includes(owner));
}

/** Each circle once, as it is met first. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (done.has(file)) return;
    const seenAt = path.indexOf(file);
    if (seenAt >= 0) {
      circles.push([...path.slice(seenAt), file].join(' → '));
      return;
    }
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return circles;
}
