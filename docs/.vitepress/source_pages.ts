import path from 'node:path';

/** Where the site's pages come from. What is not named here is no page: a link to it leads to GitHub. */
const ROOT_DOCUMENTS: Readonly<Record<string, string>> = {
  'ARCHITECTURE.md': 'project/architecture.md',
  'CHANGELOG.md': 'project/changelog.md',
  'CONTRIBUTING.md': 'project/contributing.md',
  'SECURITY.md': 'reference/security.md',
  'SPEC.md': 'project/spec.md',
};

const SOURCE_ON_GITHUB = 'https://github.com/oncue-dev/oncue/blob/main/';

/** Globs of the Markdown files in the repository that are no pages. */
export const NO_PAGES: readonly string[] = [
  'README.md',
  'docs/README.md',
  '.*/**',
  '{bench,compare,conformance,demo,examples,mutation,scripts,simulate,testbed,tests}/**',
  'packages/*/!(README).md',
  'packages/*/*/**',
];

/**
 * The page that a Markdown file of the repository becomes.
 *
 * @param file Path from the root of the repository, with `/`.
 * @returns Path from the root of the site, or undefined if the file is no page.
 */
export function pageOf(file: string): string | undefined {
  if (file === 'README.md') return 'index.md';
  const packageName = /^packages\/([^/]+)\/README\.md$/.exec(file)?.[1];
  if (packageName !== undefined) return `packages/${packageName}.md`;
  if (/^docs\/.*\.md$/.test(file)) return file.slice('docs/'.length);
  return ROOT_DOCUMENTS[file];
}

/** The Markdown file of a page: the other way round. */
export function sourceOf(page: string): string {
  const document = Object.entries(ROOT_DOCUMENTS).find(([, at]) => at === page)?.[0];
  if (document !== undefined) return document;
  const packageName = /^packages\/([^/]+)\.md$/.exec(page)?.[1];
  return packageName === undefined ? `docs/${page}` : `packages/${packageName}/README.md`;
}

/**
 * What a link in a document becomes on the site.
 *
 * @param from The file that holds the link, from the root of the repository.
 * @param link As it is written, relative to that file.
 */
export function linkOnSite(from: string, link: string): string {
  if (/^(?:[a-z]+:|#|\/)/.test(link)) return link;
  const [target = '', anchor] = link.split('#');
  const file = path.posix.join(path.posix.dirname(from), target);
  const page = pageOf(file);
  const place = page === undefined ? `${SOURCE_ON_GITHUB}${file}` : `/${page}`;
  return anchor === undefined ? place : `${place}#${anchor}`;
}

/** The anchor of a heading, as GitHub makes it, so that a link works in the repository and on the site. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
