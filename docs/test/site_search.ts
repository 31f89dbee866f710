import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import MiniSearch from 'minisearch';
import { searchOptions } from '../.vitepress/search.ts';

const CHUNKS = fileURLToPath(new URL('../dist/assets/chunks', import.meta.url));

/** The search of the built site: the index that it ships, asked as its search box asks. */
export async function openSiteSearch(): Promise<(words: string) => string[]> {
  const chunk = readdirSync(CHUNKS).find((file) => file.startsWith('@localSearchIndexroot'));
  if (chunk === undefined) throw new Error('no search index: run `npm run docs:build` first');
  const built = (await import(pathToFileURL(path.join(CHUNKS, chunk)).href)) as { default: string };
  const { searchOptions: asked } = searchOptions.miniSearch;
  const index = MiniSearch.loadJSON(built.default, {
    fields: ['title', 'titles', 'text'],
    storeFields: ['title', 'titles'],
    searchOptions: asked,
  });
  return (words) => index.search(words).map(({ id }) => String(id));
}
