import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the page, as it is served. */
export interface PageFile {
  readonly type: string;
  readonly body: Uint8Array;
}

/** The page by request path. What is not in it is not served, so there is no path to traverse. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/**
 * The page: as the package's build left it, or made from source where there is no build beside this file.
 *
 * @throws What esbuild throws for a page that does not compile.
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
