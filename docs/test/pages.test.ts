import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { pagesInOrder } from '../.vitepress/page_list.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const listed = pagesInOrder().flatMap(({ pages }) => pages.map(({ page }) => page));

it('every page of the site stands in its sidebar', () => {
  const built = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.html') && !/^(?:api\/|404|index)/.test(file))
    .map((file) => file.replace(/\.html$/, '.md'));

  expect(built.length).toBeGreaterThan(20);
  expect(built.filter((page) => !listed.includes(page))).toEqual([]);
});

it('every page is there as Markdown too, and llms.txt names it', () => {
  const llms = readFileSync(path.join(DIST, 'llms.txt'), 'utf8');
  const full = readFileSync(path.join(DIST, 'llms-full.txt'), 'utf8');

  expect(listed.filter((page) => !existsSync(path.join(DIST, page)))).toEqual([]);
  expect(listed.filter((page) => !llms.includes(`(/${page})`))).toEqual([]);
  expect(listed.filter((page) => !full.includes(`<!-- ${page} -->`))).toEqual([]);
});

it('the API has a page for each module that an application imports', () => {
  const pages = readdirSync(path.join(DIST, 'api/@oncue'), { recursive: true, encoding: 'utf8' });

  for (const module of ['core.html', 'livekit.html', 'browser.html', 'otel.html'])
    expect(pages).toContain(module);
  expect(pages.filter((page) => page.includes('internal'))).toEqual([]);
});
