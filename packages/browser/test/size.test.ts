import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** A page waits for either before it can speak; livekit-client has ten times as much. */
const MOST_BYTES = 12_500;

/** The reporter also tells browsers apart by the readings of their output, and steady sounds from others. */
const MOST_REPORTER_BYTES = 14_000;

/** Only a page that shows captions loads them. */
const MOST_CAPTION_BYTES = 2_700;

/** Reporter and captions as the page's bundle has them. */
const MOST_BUNDLE_BYTES = 14_000;

/** All that a page with captions loads: its bundle, and the worklet, which is a file of its own. */
const MOST_ALL_BYTES = 16_300;

/** How much a page loads for a module, as a bundler of today makes it: minified, then compressed. */
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

it('[BR14] the page, the worker, the player worklet and the microphone worklet are small together', async () => {
  const parts = await Promise.all([
    gzipBytes("export { connectPlayer, openMicrophone } from '@oncue/browser';"),
    gzipBytes("import '@oncue/browser/player.worker.js';"),
    gzipBytes("import '@oncue/browser/player.worklet.js';"),
    gzipBytes("import '@oncue/browser/microphone.worklet.js';"),
  ]);

  const bytes = parts.reduce((sum, part) => sum + part, 0);
  expect(bytes, `page, worker, player and microphone: ${parts.join(', ')} bytes`).toBeLessThan(
    MOST_BYTES,
  );
});

it('[RP11] the reporter and its worklet are small together, and bring no livekit-client', async () => {
  const parts = await Promise.all([
    gzipBytes("export { attachReporter } from '@oncue/browser/reporter';"),
    gzipBytes("import '@oncue/browser/reporter.worklet.js';"),
  ]);

  const bytes = parts.reduce((sum, part) => sum + part, 0);
  expect(bytes, `page, worklet: ${parts.join(', ')} bytes`).toBeLessThan(MOST_REPORTER_BYTES);
});

it('[RP11] captions add little to the reporter, and nothing if the page has none', async () => {
  const reporter = "export { attachReporter } from '@oncue/browser/reporter';";
  const captions = "export { captionParts, followCaptions } from '@oncue/browser/captions';";

  const worklet = "import '@oncue/browser/reporter.worklet.js';";
  const entries = [reporter, reporter + captions, worklet];
  const [alone = 0, both = 0, beside = 0] = await Promise.all(entries.map(gzipBytes));

  expect(both).toBeLessThan(MOST_BUNDLE_BYTES);
  expect(both + beside).toBeLessThan(MOST_ALL_BYTES);
  expect(both - alone, `reporter ${alone}, with captions ${both} bytes`).toBeGreaterThan(500);
  expect(both - alone, `reporter ${alone}, with captions ${both} bytes`).toBeLessThan(
    MOST_CAPTION_BYTES,
  );
});

it('README.md says how large they are', async () => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const said =
    /reporter weighs (\S+) kB with its worklet; captions add (\S+) kB, so it is (\S+) kB with both. Player and microphone weigh (\S+) kB in the page, (\S+) kB in the player's worker/.exec(
      text,
    );
  const reporter = "export { attachReporter } from '@oncue/browser/reporter';";
  const captions = "export { captionParts, followCaptions } from '@oncue/browser/captions';";
  const [alone = 0, worklet = 0, both = 0, page, worker] = await Promise.all(
    [
      reporter,
      "import '@oncue/browser/reporter.worklet.js';",
      reporter + captions,
      "export { connectPlayer, openMicrophone } from '@oncue/browser';",
      "import '@oncue/browser/player.worker.js';",
    ].map(gzipBytes),
  );

  const sizes = [alone + worklet, both - alone, both + worklet, page, worker];
  for (const [place, bytes = 0] of sizes.entries())
    expect(Math.abs(Number(said?.[place + 1]) * 1000 - bytes), `${bytes} bytes`).toBeLessThan(250);
});
