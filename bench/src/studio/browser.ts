import { fileURLToPath } from 'node:url';
import { bundleScript } from '@oncue/testbed';
import type { Browser, Page } from 'playwright-core';

const TAPS = ['recorder.ts', 'messages.js', 'worklet_cost.js'].map((name) =>
  fileURLToPath(new URL(`page/${name}`, import.meta.url)),
);

/** A visitor who has never been here: a context of its own, with a recorder in front of its loudspeaker. */
export async function newVisitor(browser: Browser): Promise<Page> {
  // The recorder is no file of the page's server, which the page's content policy would refuse.
  const context = await browser.newContext({ bypassCSP: true });
  for (const file of TAPS) await context.addInitScript({ content: await bundleScript(file) });
  return await context.newPage();
}

/** Clicks what a user clicks to hear the agent, and waits until the agent knows. */
export async function listen(page: Page): Promise<void> {
  await page.click('button.listen');
  await page.waitForSelector('button.listen.on');
}
