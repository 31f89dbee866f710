import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PAGE_FOLDER = fileURLToPath(new URL('../../page', import.meta.url));

/** Builds the page from its source. @throws The error of esbuild if the page does not compile. */
export async function buildPage(): Promise<
  readonly { readonly name: string; readonly body: Uint8Array }[]
> {
  const { outputFiles } = await build({
    entryPoints: {
      main: path.join(PAGE_FOLDER, 'main.tsx'),
      page: path.join(PAGE_FOLDER, 'page.css'),
      room: path.join(PAGE_FOLDER, 'sound/room_player.ts'),
      'reporter.worklet': '@oncue/browser/reporter.worklet.js',
      'player.worker': '@oncue/browser/player.worker.js',
      'player.worklet': '@oncue/browser/player.worklet.js',
      'microphone.worklet': '@oncue/browser/microphone.worklet.js',
    },
    absWorkingDir: PAGE_FOLDER,
    outdir: PAGE_FOLDER,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@oncue/source'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  const copied = ['index.html', 'icon.svg'].map((name) => {
    return { name, body: readFileSync(path.join(PAGE_FOLDER, name)) };
  });
  return [
    ...copied,
    ...outputFiles.map(({ path: file, contents }) => {
      return { name: path.basename(file), body: contents };
    }),
  ];
}

/** Writes the page beside the compiled server, as a step of the package's build. */
export async function writePage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { name, body } of await buildPage()) writeFileSync(path.join(folder, name), body);
}
