// Makes the worklets and the worker that ship: one file each with nothing to import, so that a page can serve it from
// anywhere. Runs after tsc, which leaves the worklets out, and whose worker still imports.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const names = ['player', 'microphone'];

await build({
  absWorkingDir: root,
  entryPoints: ['src/player.worker.ts', ...names.map((name) => `src/worklet/${name}.worklet.ts`)],
  outdir: 'dist',
  entryNames: '[name]',
  conditions: ['@oncue/source'],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
});
// They are loaded by their address and export nothing.
for (const name of names)
  writeFileSync(path.join(root, 'dist', `${name}.worklet.d.ts`), 'export {};\n');
