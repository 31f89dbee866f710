import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** The agent that a state needs: the demo, the slow one, or a file with an error. */
export type ShotAgent = 'demo' | 'slow' | 'broken' | 'room';

/** A state of the page, and how a user gets there. */
export interface ShotState {
  readonly name: string;
  readonly agent: ShotAgent;
  readonly reach: (page: Page) => Promise<void>;
}

const SOON = { timeout: 30_000 };

async function play(page: Page, key: string, selector: string): Promise<void> {
  await page.keyboard.press(key);
  await page.waitForSelector(selector, SOON);
}

async function tellStory(page: Page): Promise<void> {
  await play(page, '4', '.card.playing');
  await page.locator('.card .is-heard', { hasText: 'counted' }).waitFor(SOON);
}

/** The states that a designer looks at. */
export const SHOT_STATES: readonly ShotState[] = [
  { name: 'empty', agent: 'demo', reach: async () => {} },
  { name: 'speaking', agent: 'demo', reach: tellStory },
  {
    name: 'cut',
    agent: 'demo',
    reach: async (page) => {
      await tellStory(page);
      await page.keyboard.press('Escape');
      await page.waitForSelector('.card.cut', SOON);
    },
  },
  {
    name: 'muted',
    agent: 'demo',
    reach: async (page) => {
      await tellStory(page);
      await page.keyboard.press('u');
      await page.waitForTimeout(1500);
    },
  },
  {
    name: 'nobody_there',
    agent: 'demo',
    reach: async (page) => {
      await tellStory(page);
      await page.keyboard.press('l');
      await page.waitForTimeout(2500);
    },
  },
  { name: 'skipped', agent: 'demo', reach: (page) => play(page, '5', '.card.skipped') },
  {
    name: 'failed_voice',
    agent: 'demo',
    reach: async (page) => {
      await play(page, '6', '.part-failed');
      await page.waitForSelector('.card.heard', SOON);
    },
  },
  {
    name: 'several_turns',
    agent: 'demo',
    reach: async (page) => {
      await play(page, '5', '.card.heard');
      await play(page, '1', '.card.playing');
      await page.locator('.card.heard').nth(2).waitFor(SOON);
      await play(page, '3', '.card.playing');
      await page.locator('.card.heard').nth(4).waitFor(SOON);
    },
  },
  {
    name: 'open_card',
    agent: 'demo',
    reach: async (page) => {
      await play(page, '5', '.card.heard');
      await page.locator('.card-head').last().click();
    },
  },
  {
    name: 'parts',
    agent: 'demo',
    reach: async (page) => {
      await page.locator('.parts summary').first().click();
    },
  },
  {
    name: 'microphone',
    agent: 'demo',
    reach: (page) => play(page, 'm', '.mic.on'),
  },
  {
    name: 'dropped_trace',
    agent: 'demo',
    reach: async (page) => {
      await play(page, '2', '.card.playing');
      await page.locator('.card.heard').nth(1).waitFor(SOON);
      const download = page.waitForEvent('download');
      await page.keyboard.press('s');
      const saved = readFileSync(await (await download).path());
      const file = { name: 'appointment.trace.jsonl.gz', mimeType: '', buffer: saved };
      await page.setInputFiles('input[type=file]', file);
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'not_a_trace',
    agent: 'demo',
    reach: async (page) => {
      const file = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('milk') };
      await page.setInputFiles('input[type=file]', file);
      await page.waitForSelector('.notice');
    },
  },
  {
    name: 'thinking',
    agent: 'slow',
    reach: async (page) => {
      await play(page, '1', '.card.heard');
      await page.waitForSelector('.header .state-thinking', SOON);
      await page.waitForTimeout(800);
    },
  },
  { name: 'error', agent: 'broken', reach: async () => {} },
  { name: 'room_empty', agent: 'room', reach: async () => {} },
  {
    name: 'room',
    agent: 'room',
    reach: async (page) => {
      await play(page, '5', '.card.heard');
      await play(page, '1', '.card.playing');
      await page.locator('.card.heard').nth(2).waitFor(SOON);
    },
  },
];
