import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium, needsChromium } from '@oncue/testbed';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { FIRST, isAnswered, QUESTIONS } from './questions.ts';

// The search as a reader has it: the built site in a browser, words typed into its search box.

type Browser = Awaited<ReturnType<typeof launchChromium>>;
type Page = Awaited<ReturnType<Browser['newPage']>>;

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};
/** Only ends what hangs. */
const SOON = { timeout: 60_000, interval: 50 };
const LINKS = '.VPLocalSearchBox .results a';

let server: Server;
let browser: Browser;
let page: Page;

beforeEach(needsChromium);

beforeAll(async () => {
  server = createServer(({ url = '/' }, response) => {
    const name = new URL(url, 'http://localhost').pathname.replace(/\/$/, '/index.html');
    const file = path.join(DIST, path.normalize(name));
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** The addresses of the first results for these words. */
async function ask(words: string): Promise<readonly string[]> {
  const box = page.locator('.VPLocalSearchBox input.search-input');
  // Until the page's script runs, it takes no key.
  await expect
    .poll(async () => {
      if (!(await box.isVisible())) await page.keyboard.press('Control+k');
      return await box.isVisible();
    }, SOON)
    .toBe(true);
  await box.fill('');
  await expect.poll(() => page.locator(LINKS).count(), SOON).toBe(0);
  await box.fill(words);
  await page.locator(LINKS).first().waitFor();
  const links = await page
    .locator(LINKS)
    .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
  return links.slice(0, FIRST);
}

it('the search box answers every question in the words of the question', async () => {
  const unanswered: string[] = [];
  for (const [question, answer] of QUESTIONS) {
    const found = await ask(question);
    if (!isAnswered(answer, found)) unanswered.push(`${question}: ${found.join(', ')}`);
  }

  expect(unanswered).toEqual([]);
}, 120_000);
