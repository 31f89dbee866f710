import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pagesInOrder } from './page_list.ts';

/** What `llms.txt` says before its list. */
const HEAD = `# Oncue

> Oncue tells a voice agent on LiveKit Agents for Node when the user really began to hear each response, which words were heard, and runs code at that moment.

Each page below is Markdown. \`llms-full.txt\` has all of them in one file.
`;

/**
 * Writes `llms.txt`, `llms-full.txt` and each page as Markdown beside its HTML: what programs that write
 * code read instead of the site.
 */
export function writeForLanguageModels(outDir: string, root: string): void {
  let list = HEAD;
  let full = HEAD;
  for (const { group, pages } of pagesInOrder()) {
    list += `\n## ${group}\n\n`;
    for (const { title, source, page } of pages) {
      const file = path.join(root, source);
      if (!existsSync(file)) continue;
      mkdirSync(path.dirname(path.join(outDir, page)), { recursive: true });
      copyFileSync(file, path.join(outDir, page));
      list += `- [${title}](/${page})\n`;
      full += `\n\n<!-- ${page} -->\n\n${readFileSync(file, 'utf8')}`;
    }
  }
  writeFileSync(path.join(outDir, 'llms.txt'), list);
  writeFileSync(path.join(outDir, 'llms-full.txt'), full);
}
