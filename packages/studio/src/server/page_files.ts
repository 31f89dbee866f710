import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the page as it is served. */
export interface PageFile {
  readonly type: string;
  readonly body: Uint8Array;
}

/** The page by request path. Nothing else is served, so a path cannot escape the page. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/**
 * Reads the page that the package's build wrote, or builds it from source if there is none.
 *
 * @throws The error of esbuild if the page does not compile.
 */
export async function loadPageFiles(): Promise<PageFiles> {
  const built = fileURLToPath(new URL('../page', import.meta.url));
  if (existsSync(path.join(built, 'index.html'))) return readBuilt(built);
  const { buildPage } = await import('./page_build.ts');
  return byRequestPath(await buildPage());
}

function readBuilt(folder: string): PageFiles {
  const files = readdirSync(folder).map((name) => {
    return { name, body: readFileSync(path.join(folder, name)) };
  });
  return byRequestPath(files);
}

function byRequestPath(
  files: readonly { readonly name: string; readonly body: Uint8Array }[],
): PageFiles {
  return new Map(
    files.map(({ name, body }) => {
      const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
      return [name === 'index.html' ? '/' : `/assets/${name}`, { type, body }];
    }),
  );
}
