import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** What the hooks add to reporter and captions. */
const MOST_BYTES = 3000;

/** As a bundler of today makes it. React and livekit-client are the application's. */
async function gzipBytes(entry: string): Promise<number> {
  const built = await build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    conditions: ['@oncue/source'],
    external: ['react', 'livekit-client'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return gzipSync(built.outputFiles[0]?.contents ?? new Uint8Array()).length;
}

it('[RE9] the hooks add at most 3 kB to what they rest on, and README.md says how much', async () => {
  const [below, all, worklet] = await Promise.all([
    gzipBytes(
      "export { attachReporter } from '@oncue/browser/reporter'; export { captionParts, followCaptions, followMarks } from '@oncue/browser/captions';",
    ),
    gzipBytes("export * from '@oncue/react';"),
    gzipBytes("import '@oncue/browser/reporter.worklet.js';"),
  ]);

  expect(all - below, `${below} bytes without, ${all} with`).toBeGreaterThan(300);
  expect(all - below, `${below} bytes without, ${all} with`).toBeLessThan(MOST_BYTES);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const said =
    /The hooks add (\S+) kB .* \((\S+) kB with marks, and (\S+) kB for the worklet\)/.exec(readme);
  for (const [place, bytes] of [all - below, below, worklet].entries())
    expect(Math.abs(Number(said?.[place + 1]) * 1000 - bytes), `${bytes} bytes`).toBeLessThan(100);
});
