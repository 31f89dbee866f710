import { sidebar } from './sidebar.ts';
import { sourceOf } from './source_pages.ts';

interface ListedPage {
  readonly title: string;
  /** From the root of the site, with `.md`. */
  readonly page: string;
  /** The Markdown file of the repository, from its root. */
  readonly source: string;
}

/** The pages of the sidebar with the files that they are made of. */
export function pagesInOrder(): { group: string; pages: ListedPage[] }[] {
  return sidebar.map(({ text = '', items = [] }) => ({
    group: text,
    pages: items
      .map(({ text: title = '', link = '' }) => ({ title, page: `${link.slice(1)}.md` }))
      .filter(({ page }) => !page.startsWith('api/'))
      .map((listed) => ({ ...listed, source: sourceOf(listed.page) })),
  }));
}
