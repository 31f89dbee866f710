import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** A page that waits for livekit-client, with 150 kB, does not notice this. */
const MOST_BYTES = 12_000;

async function gzipBytes(entry: string): Promise<number> {
  const built = await build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    conditions: ['@oncue/source'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return gzipSync(built.outputFiles[0]?.contents ?? new Uint8Array()).length;
}

it('[RP11] the reporter and its worklet are small together, and bring no livekit-client', async () => {
  const parts = await Promise.all([
    gzipBytes("export { attachReporter } from '@oncue/browser/reporter';"),
    gzipBytes("import '@oncue/browser/reporter.worklet.js';"),
  ]);

  const bytes = parts.reduce((sum, part) => sum + part, 0);
  expect(bytes, `page, worklet: ${parts.join(', ')} bytes`).toBeLessThan(MOST_BYTES);
  process.stdout.write(`reporter: ${parts.join(' + ')} bytes\n`);
});
