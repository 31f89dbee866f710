import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium, HOW_TO_INSTALL } from '../../../scripts/find_chromium.mjs';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const TAPS = ['recorder.js', 'messages.js', 'worklet_cost.js'].map((name) =>
  fileURLToPath(new URL(`page/${name}`, import.meta.url)),
);

/** @throws Error that says how to install a browser where there is none. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(HOW_TO_INSTALL);
  return await chromium.launch({
    executablePath,
    // A sandbox needs rights that containers do not have.
    chromiumSandbox: false,
    args: FLAGS,
    // Playwright would mute the page.
    ignoreDefaultArgs: ['--mute-audio'],
  });
}

/** A visitor who has never been here: a context of its own, with a recorder in front of its loudspeaker. */
export async function newVisitor(browser: Browser): Promise<Page> {
  // The recorder is no file of the page's server, which the page's content policy would refuse.
  const context = await browser.newContext({ bypassCSP: true });
  for (const path of TAPS) await context.addInitScript({ path });
  return await context.newPage();
}

/** Clicks what a user clicks to hear the agent, and waits until the agent knows. */
export async function listen(page: Page): Promise<void> {
  await page.click('button.listen');
  await page.waitForSelector('button.listen.on');
}
