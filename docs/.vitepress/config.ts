import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitepress';
import { writeForLanguageModels } from './llms_text.ts';
import { markdownOptions } from './markdown.ts';
import { searchOptions } from './search.ts';
import { sidebar } from './sidebar.ts';
import { NO_PAGES, pageOf } from './source_pages.ts';

const DOCS = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  title: 'Oncue',
  description: 'Know what the user of your voice agent has really heard, and when.',
  lang: 'en',
  // The README of a package is its page, so the pages come from the whole repository.
  srcDir: path.join(DOCS, '..'),
  srcExclude: [...NO_PAGES],
  rewrites: (file) => pageOf(file) ?? file,
  outDir: path.join(DOCS, 'dist'),
  cacheDir: path.join(DOCS, '../.cache/vitepress'),
  cleanUrls: false,
  markdown: markdownOptions,
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/guide/why' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Reference', link: '/reference/events' },
      { text: 'Protocol', link: '/reference/protocol' },
      { text: 'API', link: '/api/' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local', options: searchOptions },
    socialLinks: [{ icon: 'github', link: 'https://github.com/oncue-dev/oncue' }],
    footer: { message: 'Apache-2.0' },
  },
  vite: { plugins: [vueOfTheSite()] },
  buildEnd: (site) => writeForLanguageModels(site.outDir, site.srcDir),
});

/** Pages outside docs/ are Vue components too, and Vue is installed only here. */
function vueOfTheSite(): Plugin {
  return {
    name: 'oncue:vue-of-the-site',
    enforce: 'pre',
    resolveId(id, importer, { ssr }) {
      if (!/^vue(?:\/|$)/.test(id)) return undefined;
      // One copy of Vue renders all pages: the one that Node finds from here.
      if (ssr) return { id, external: true };
      if (importer?.startsWith(DOCS)) return undefined;
      return this.resolve(id, path.join(DOCS, 'index.md'), { skipSelf: true });
    },
  };
}
