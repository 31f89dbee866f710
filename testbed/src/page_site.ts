import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PAGE =
  '<!doctype html><title>room</title><link rel="icon" href="data:,"><script type="module" src="main.js"></script>';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The scripts of a page: name without `.js` → TypeScript file, or the name of a module. `main` starts the page. */
export type PageEntries = Readonly<Record<string, string>> & { readonly main: string };

/** The page of the testbed's own tests. */
export const TESTBED_PAGE: PageEntries = {
  main: inTestbed('page/main.ts'),
  'level.worklet': inTestbed('page/worklet/level.worklet.ts'),
};

/** A page that is served on a local port. */
export interface PageSite {
  readonly url: string;
  close(): Promise<void>;
}

/** Bundles a page from source, as an application would, and serves it. */
export async function openPageSite(entries: PageEntries = TESTBED_PAGE): Promise<PageSite> {
  const { url, server } = await servePage(entries, PAGE);
  return {
    url,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As `openPageSite`, with another HTML, and for a caller that needs the server: to open sockets on it, say. */
export async function servePage(
  entries: PageEntries,
  html: string,
): Promise<{ readonly url: string; readonly server: Server }> {
  const files = await bundle(entries, 'esm');
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1).split('?')[0] ?? '';
    const code = files.get(name);
    if (name !== '' && code === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', code === undefined ? 'text/html' : 'text/javascript');
    response.end(code ?? html);
  });
  return { url: await listen(server), server };
}

const scripts = new Map<string, Promise<string>>();

/** Bundles a TypeScript file and its imports into one script, to run before a page's own. Each file is bundled once. */
export function bundleScript(file: string): Promise<string> {
  const script =
    scripts.get(file) ?? bundle({ main: file }, 'iife').then((files) => files.get('main.js') ?? '');
  scripts.set(file, script);
  return script;
}

/** The script that sends a page's media through a proxy. */
export function mediaRouteScript(): Promise<string> {
  return bundleScript(inTestbed('page/media_route.ts'));
}

async function bundle(entries: PageEntries, format: 'esm' | 'iife'): Promise<Map<string, string>> {
  const built = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.entries(entries).map(([out, file]) => ({ in: file, out })),
    conditions: ['@oncue/source'],
    bundle: true,
    format,
    target: 'es2022',
    outdir: 'out',
    write: false,
  });
  return new Map(
    built.outputFiles.map((file) => [file.path.split(/[\\/]/).at(-1) ?? '', file.text]),
  );
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function inTestbed(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}
