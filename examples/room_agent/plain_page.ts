import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { File } from './site.ts';

/** Bundles the page without a framework, as an application would. */
export async function buildPlainPage(): Promise<Map<string, File>> {
  const { outputFiles } = await build({
    entryPoints: [
      { in: fileURLToPath(new URL('page/main.ts', import.meta.url)), out: 'main' },
      // Next to the page's script, where the reporter looks for it.
      { in: '@oncue/browser/reporter.worklet.js', out: 'reporter.worklet' },
    ],
    absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
    conditions: ['@oncue/source'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outdir: 'out',
    write: false,
  });
  const html = await readFile(new URL('page/index.html', import.meta.url), 'utf8');
  const files = new Map<string, File>([['', { type: 'text/html', content: html }]]);
  for (const { path, text } of outputFiles)
    files.set(path.split(/[\\/]/).at(-1) ?? '', { type: 'text/javascript', content: text });
  return files;
}
