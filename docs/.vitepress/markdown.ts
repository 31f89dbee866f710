import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MarkdownOptions } from 'vitepress';
import { anchorOf, linkOnSite } from './source_pages.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Links and anchors are written as GitHub reads them. This makes them right on the site. */
export const markdownOptions: MarkdownOptions = {
  anchor: { slugify: anchorOf },
  headers: { slugify: anchorOf },
  toc: { slugify: anchorOf },
  theme: { light: 'github-light', dark: 'github-dark' },
  config: (md) => {
    md.core.ruler.after('inline', 'links_of_the_repository', (state) => {
      const file = sourceFile(state.env as PageEnvironment);
      for (const block of state.tokens)
        for (const token of block.children ?? []) {
          const href = token.type === 'link_open' ? token.attrGet('href') : null;
          if (href !== null) token.attrSet('href', linkOnSite(file, href));
        }
    });
    // Else a narrow column of a table breaks an option of a command after its first dashes.
    md.core.ruler.after('inline', 'options_in_one_piece', (state) => {
      const inline = state.tokens.flatMap(({ children }) => children ?? []);
      for (const token of inline.filter(({ type }) => type === 'code_inline'))
        if (token.content.startsWith('--')) token.attrJoin('class', 'option');
    });
  },
};

interface PageEnvironment {
  readonly path?: string;
  /** Where the Markdown lies, if the page has another address. */
  readonly realPath?: string;
}

function sourceFile({ realPath, path: page = '' }: PageEnvironment): string {
  return path.relative(ROOT, realPath ?? page).replaceAll(path.sep, '/');
}
