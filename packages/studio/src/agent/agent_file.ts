import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildFailure, build, formatMessages, type Plugin } from 'esbuild';
import { StudioError } from '../errors.ts';

/** A loaded agent file. */
export interface LoadedFile {
  readonly exported: Readonly<Record<string, unknown>>;
  /** All of the user's own files that it imports, itself included. A change of any of them means: load again. */
  readonly files: readonly string[];
}

let loadCount = 0;

/**
 * Loads a user's TypeScript or JavaScript file, with all its imports by relative path. Each call loads it again.
 *
 * The file is first bundled to one ES module in a `node_modules` folder above it, as Vite does with its config file.
 * Node cannot remove an imported file from its module cache. A loader hook such as tsx treats a `.ts` file as CommonJS
 * unless a package.json says otherwise, and would then load a second copy of `@livekit/agents`.
 *
 * @throws {StudioError} `STUDIO_BAD_FILE`; for a file that does not compile its stack is esbuild's report. Errors that
 *   the file itself throws pass through.
 */
export async function loadAgentFile(file: string): Promise<LoadedFile> {
  const { code, files } = await bundle(path.resolve(file));
  loadCount += 1;
  const bundled = path.join(bundleFolderFor(file), `agent_${process.pid}_${loadCount}.mjs`);
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

const FILES = Symbol('the files of a failed load');

/** The files to watch after a failed load: all that were read, at least the file itself. */
export function filesOfFailure(error: unknown, file: string): readonly string[] {
  const files = (error as { readonly [FILES]?: readonly string[] })[FILES];
  return files ?? [path.resolve(file)];
}

async function bundle(file: string): Promise<{ code: string; files: readonly string[] }> {
  if (!existsSync(file))
    throw new StudioError('STUDIO_BAD_FILE', `there is no file ${file}; check the path`);
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
      // Sources are named relative to this folder, so that a stack names the user's own files.
      sourceRoot: pathToFileURL(`${path.dirname(file)}/`).href,
      outfile: path.join(path.dirname(file), 'agent.mjs'),
      logLevel: 'silent',
      plugins: [originalLocation(read)],
    });
    return { code: outputFiles[0]?.text ?? '', files: [...read] };
  } catch (error) {
    const failure = error as BuildFailure;
    if (!Array.isArray(failure.errors)) throw error;
    const report = await formatMessages(failure.errors, { kind: 'error' });
    const [first] = failure.errors;
    const where = first?.location ? ` (${first.location.file}:${first.location.line})` : '';
    const message = `${first?.text ?? 'the file does not compile'}${where}`;
    throw Object.assign(new StudioError('STUDIO_BAD_FILE', message, { cause: error }), {
      [FILES]: [...read],
      stack: report.join('\n').trim(),
    });
  }
}

/**
 * Replaces `import.meta.url` and the like by the path of the original file, because the bundle is elsewhere. Collects
 * the files that were read: for a failed build esbuild does not list them.
 */
const originalLocation = (read: Set<string>): Plugin => ({
  name: 'original location',
  setup: (hooks) => {
    hooks.onLoad({ filter: /./ }, async ({ path: file }) => {
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

/** A hidden folder from which packages resolve as they do from the file itself. */
function bundleFolderFor(file: string): string {
  for (let folder = path.dirname(path.resolve(file)); ; folder = path.dirname(folder)) {
    const modules = path.join(folder, 'node_modules');
    if (existsSync(modules)) {
      const place = path.join(modules, '.oncue-studio');
      mkdirSync(place, { recursive: true });
      return place;
    }
    if (folder === path.dirname(folder)) {
      throw new StudioError(
        'STUDIO_BAD_FILE',
        `there is no node_modules above ${file}; install @livekit/agents and @oncue/studio in its project`,
      );
    }
  }
}
