import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { initializeLogger } from '@livekit/agents';
import { freePort, launchChromium, needsChromium } from '@oncue/testbed';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { inRepository } from '../../../tests/support/repository.ts';
import { StudioProcess } from '../../../tests/support/studio_process.ts';
import { findingsOf } from './support/axe_findings.ts';

const TIMEOUT_MS = 120_000;
const SOON = { timeout: 30_000 };

// Below the repository, so that the agent's file finds its packages.
const CACHE = inRepository('.cache');
mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(path.join(CACHE, 'problems-'));

initializeLogger({ pretty: false, level: 'silent' });
beforeEach(needsChromium);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens a studio in a browser of its own, which has no microphone. */
async function openIn(url: string): Promise<Page> {
  const browser: Browser = await launchChromium([]);
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForSelector('.header .chip');
  return page;
}

/** Types a question and sends it. @returns What is in the box after that. */
async function ask(page: Page): Promise<string> {
  await page.locator('#ask').fill('Is anyone there?');
  await page.keyboard.press('Enter');
  return await page.locator('#ask').inputValue();
}

describe('problems that the page shows (ST)', () => {
  it(
    '[ST32] a question to an agent that could not be started stays in its box',
    async () => {
      const file = path.join(folder, 'broken.ts');
      writeFileSync(file, 'export function createAgent() { throw new Error("no key"); }\n');
      const studio = await StudioProcess.start(file);
      onTestFinished(() => studio.close());
      const page = await openIn(studio.url);
      await page.waitForSelector('.agent-error');

      expect(await ask(page)).toBe('Is anyone there?');
      expect(await page.locator('.ask button').isDisabled()).toBe(true);
      expect(await page.locator('.agent-error').textContent()).toMatch(/no key.*Save the file/s);
      expect(await findingsOf(page), '[ST21] of axe').toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    '[ST32] a question to a process that has ended stays in its box, and is asked of the next one',
    async () => {
      const port = await freePort();
      const first = await StudioProcess.start(undefined, {}, port);
      const page = await openIn(first.url);
      await page.waitForSelector('.state-listening');
      await first.close();
      await page.waitForSelector('.notice', SOON);

      expect(await page.locator('.notice').textContent()).toMatch(/start it again.*same port/);
      expect(await ask(page)).toBe('Is anyone there?');
      await page.waitForSelector('.state-no-connection');
      expect(await findingsOf(page), '[ST21] of axe').toEqual([]);

      const second = await StudioProcess.start(undefined, {}, port);
      onTestFinished(() => second.close());
      await page.waitForSelector('.state-listening', SOON);
      await page.waitForSelector('.notice', { state: 'hidden', timeout: 30_000 });
      expect(await page.locator('#ask').inputValue()).toBe('Is anyone there?');
      await page.locator('.ask button').click();
      await page.locator('li.said', { hasText: 'Is anyone there?' }).waitFor(SOON);
    },
    TIMEOUT_MS,
  );

  it(
    '[ST24] without a microphone the page says what to do, and typed questions work',
    async () => {
      const studio = await StudioProcess.start();
      onTestFinished(() => studio.close());
      const page = await openIn(studio.url);
      await page.context().grantPermissions(['microphone']);
      await page.keyboard.press('m');

      expect(await page.locator('.hint.bad').textContent()).toMatch(
        /^No microphone was found; plug one in\. Typed questions work without it\./,
      );
      await ask(page);
      await page.locator('li.said', { hasText: 'Is anyone there?' }).waitFor(SOON);
    },
    TIMEOUT_MS,
  );
});
