import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildFailure, build, formatMessages, type Plugin } from 'esbuild';

/** What came of loading an agent's file. */
export interface LoadedFile {
  readonly exported: Readonly<Record<string, unknown>>;
  /** Every file of the user's own that it is made of; a change in any of them makes it stale. */
  readonly files: readonly string[];
}

let loadCount = 0;

/**
 * Loads a user's TypeScript or JavaScript file, anew at each call, with all it imports by relative path.
 *
 * It is bundled to one ES module first and written into a `node_modules` above it, as Vite does with its config file.
 * Node's own module cache cannot be told to forget an imported file, and a loader hook (tsx) takes a `.ts` file for
 * CommonJS where no package.json says otherwise: it would then get a second copy of `@livekit/agents`.
 *
 * @throws Error with esbuild's own report for a file that does not compile; what the file throws when it runs.
 */
export async function loadAgentFile(file: string): Promise<LoadedFile> {
  const { code, files } = await bundle(path.resolve(file));
  loadCount += 1;
  const bundled = path.join(placeFor(file), `agent_${process.pid}_${loadCount}.mjs`);
  writeFileSync(bundled, code);
  try {
    const exported: unknown = await import(pathToFileURL(bundled).href);
    return { exported: exported as Readonly<Record<string, unknown>>, files };
  } catch (error) {
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), {
      [FILES]: files,
    });
  } finally {
    rmSync(bundled, { force: true });
  }
}

const FILES = Symbol('files that a failed load was made of');

/** The files to watch after a load that failed: those it was made of, at least the file itself. */
export function filesOfFailure(error: unknown, file: string): readonly string[] {
  const files = (error as { readonly [FILES]?: readonly string[] })[FILES];
  return files ?? [path.resolve(file)];
}

async function bundle(file: string): Promise<{ code: string; files: readonly string[] }> {
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  const read = new Set([file]);
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      absWorkingDir: path.dirname(file),
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: 'inline',
      sourcesContent: false,
      // Where the sources are named from, so that a stack names the user's own files.
      sourceRoot: pathToFileURL(`${path.dirname(file)}/`).href,
      outfile: path.join(path.dirname(file), 'agent.mjs'),
      logLevel: 'silent',
      plugins: [ownLocation(read)],
    });
    return { code: outputFiles[0]?.text ?? '', files: [...read] };
  } catch (error) {
    const failure = error as BuildFailure;
    if (!Array.isArray(failure.errors)) throw error;
    const report = await formatMessages(failure.errors, { kind: 'error' });
    const [first] = failure.errors;
    const where = first?.location ? ` (${first.location.file}:${first.location.line})` : '';
    const message = `${first?.text ?? 'the file does not compile'}${where}`;
    throw Object.assign(new Error(message), {
      [FILES]: [...read],
      name: 'SyntaxError',
      stack: report.join('\n').trim(),
    });
  }
}

/**
 * A file that asks where it lies must not hear where the bundle lies. Keeps what was read, also for a bundle that then
 * fails: esbuild itself tells only of one that did not.
 */
const ownLocation = (read: Set<string>): Plugin => ({
  name: 'own location',
  setup: (setup) => {
    setup.onLoad({ filter: /./ }, async ({ path: file }) => {
      read.add(file);
      if (!/\.[cm]?[jt]sx?$/.test(file)) return undefined;
      const source = await readFile(file, 'utf8');
      if (!source.includes('import.meta.')) return undefined;
      const contents = source
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)))
        .replaceAll('import.meta.filename', JSON.stringify(file));
      const extension = path.extname(file).replace(/^\.[cm]/, '.');
      return { contents, loader: extension.slice(1) as 'ts' | 'js' | 'tsx' | 'jsx' };
    });
  },
});

/** A folder from which the file's packages resolve as from the file itself, and where nobody looks. */
function placeFor(file: string): string {
  for (let folder = path.dirname(path.resolve(file)); ; folder = path.dirname(folder)) {
    const modules = path.join(folder, 'node_modules');
    if (existsSync(modules)) {
      const place = path.join(modules, '.oncue-studio');
      mkdirSync(place, { recursive: true });
      return place;
    }
    if (folder === path.dirname(folder)) {
      throw new Error(
        `no node_modules above ${file}; install @livekit/agents and @oncue/studio in its project`,
      );
    }
  }
}
