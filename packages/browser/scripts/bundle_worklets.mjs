// Makes the worklets and the worker that ship: one file each with nothing to import, so that a page can serve it from
// anywhere. Runs after tsc, which leaves the worklets out, and whose worker still imports.
import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
// What is loaded by its address: beside the module that asks for it.
const worklets = {
  'player/player.worklet': 'src/player/worklet/player.worklet.ts',
  'microphone/microphone.worklet': 'src/microphone/worklet/microphone.worklet.ts',
  'reporter/reporter.worklet': 'src/reporter/worklet/reporter.worklet.ts',
};

await build({
  absWorkingDir: root,
  entryPoints: { 'player/player.worker': 'src/player/player.worker.ts', ...worklets },
  outdir: 'dist',
  conditions: ['@oncue/source'],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
});
// Vite turns an asset of less than 4096 bytes into a data: address, which the content policy script-src 'self' refuses.
// Spaces weigh nothing once compressed.
const LEAST_BYTES = 4096;
for (const name of Object.keys(worklets)) {
  const file = path.join(root, 'dist', `${name}.js`);
  const lacking = LEAST_BYTES - statSync(file).size;
  if (lacking > 0) appendFileSync(file, `//${' '.repeat(lacking)}\n`);
}

// They are loaded by their address and export nothing.
for (const name of Object.keys(worklets))
  writeFileSync(path.join(root, 'dist', `${name}.d.ts`), 'export {};\n');
