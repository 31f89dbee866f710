import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles the page as an application would, and serves it on a local port. */
export async function openSite(newToken: () => Promise<object>): Promise<{
  readonly url: string;
  close(): void;
}> {
  const files = await bundle();
  const server = createServer(async (request, response) => {
    const name = (request.url ?? '/').slice(1);
    const { port } = server.address() as AddressInfo;
    // Refuses DNS rebinding: a foreign page whose host name resolves to this address must not get a token.
    const isOwn = [`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? '');
    const file = isOwn ? files.get(name) : undefined;
    if (isOwn && name === 'token') response.end(JSON.stringify(await newToken()));
    else if (file) response.setHeader('content-type', file.type).end(file.content);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface File {
  readonly type: string;
  readonly content: string;
}

async function bundle(): Promise<Map<string, File>> {
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
