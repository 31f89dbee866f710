import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const ENTRIES = [
  { in: 'test-browser/page/reporter.ts', out: 'reporter' },
  { in: 'test-browser/page/timed_recorder.worklet.ts', out: 'timed_recorder.worklet' },
  { in: '@oncue/browser/reporter.worklet.js', out: 'reporter.worklet' },
];

const PAGE =
  '<!doctype html><title>test</title><button>start</button><script type="module" src="reporter.js"></script>';

/** Serves the page of the reporter's tests. */
export async function openReporterSite(): Promise<{ url: string; close: () => Promise<void> }> {
  const built = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES,
    conditions: ['@oncue/source'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outdir: 'out',
    write: false,
  });
  const files = new Map(built.outputFiles.map((file) => [file.path.split('/').at(-1), file.text]));
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1).split('?')[0] ?? '';
    const code = name === '' ? PAGE : files.get(name);
    if (code === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', name === '' ? 'text/html' : 'text/javascript');
    response.end(code);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
