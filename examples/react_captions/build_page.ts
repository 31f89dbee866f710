import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';

interface File {
  readonly type: string;
  readonly content: string | Uint8Array;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
};

/** The files of the page as Vite builds them, by their path; that of the page itself is empty. */
export async function buildReactPage(): Promise<ReadonlyMap<string, File>> {
  const built = await build({
    configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { write: false },
  });
  const outputs = (Array.isArray(built) ? built : [built]) as Rollup.RollupOutput[];
  const files = new Map<string, File>();
  for (const one of outputs.flatMap(({ output }) => output)) {
    const type = TYPES[one.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    const content = one.type === 'chunk' ? one.code : one.source;
    files.set(one.fileName === 'index.html' ? '' : one.fileName, { type, content });
  }
  return files;
}
