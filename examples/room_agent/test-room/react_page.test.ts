// The React page: in a tab that nobody looks at, which draws no frames, and muted. On a real LiveKit server and Chromium.
import { dispose } from '@livekit/rtc-node';
import {
  type BackgroundBrowser,
  joinToken,
  type LivekitServer,
  launchBackgroundBrowser,
  missingForRoom,
  needsRoom,
  startLivekitServer,
} from '@oncue/testbed';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { buildReactPage } from '../../react_captions/build_page.ts';
import { openSite } from '../site.ts';
import { StoryAgent } from './support/story_agent.ts';

const SOON = { timeout: 45_000, interval: 50 };
const STORY =
  'A long story begins here, and it goes on and on until somebody stops it for good, or until it comes to its own end ' +
  'at last. It was told for many years by the people of the village, and each of them added a little to it, so that in ' +
  'the end nobody knew how it had begun.';
/** So much of the story sounds while the tab is hidden, in ms: more than ten words. */
const HIDDEN_MS = 5000;

let server: LivekitServer;
let room = '';
let site: Awaited<ReturnType<typeof openSite>>;
let browser: BackgroundBrowser;

beforeAll(async () => {
  if (missingForRoom() !== undefined) return;
  const files = await buildReactPage();
  [server, browser] = await Promise.all([startLivekitServer(), launchBackgroundBrowser()]);
  site = await openSite(files, async () => ({
    url: server.url,
    token: await joinToken(server, { room, identity: 'guest' }),
  }));
});

afterAll(async () => {
  await browser?.close();
  site?.close();
  await server?.stop();
  await dispose();
});

beforeEach(needsRoom);

interface Caption {
  readonly heard: string;
  readonly status: string;
}

const captionOf = (page: Page): Promise<Caption> =>
  page.evaluate<Caption>(`({
    heard: [...document.querySelectorAll('.heard-caption .heard')].map((one) => one.textContent).join(''),
    status: document.querySelector('.heard-caption')?.dataset.status ?? '',
  })`);

/** The page and an agent, in a room of their own. */
async function meet(name: string): Promise<{ readonly page: Page; readonly agent: StoryAgent }> {
  room = name;
  const page = await (await browser.newContext()).newPage();
  await page.goto(site.url);
  await page.click('#start');
  const agent = await StoryAgent.join(server, { room, story: STORY });
  await vi.waitFor(() => expect(agent.isListenedTo).toBe(true), SOON);
  return { page, agent };
}

it('[RE3] the caption of a tab that was hidden is where the voice is, in the middle of an answer and after one that was cut without it', {
  timeout: 120_000,
}, async () => {
  const { page, agent } = await meet('hidden');
  const speech = agent.tell();
  await vi.waitFor(async () => expect((await captionOf(page)).heard).not.toBe(''), SOON);

  await browser.hide(page);
  const [before, beforeMs] = [await captionOf(page), agent.heardMs];
  await vi.waitFor(() => expect(agent.heardMs - beforeMs).toBeGreaterThan(HIDDEN_MS), SOON);
  await page.bringToFront();
  await vi.waitFor(async () => {
    const { heard } = await captionOf(page);
    expect(heard.split(' ').length - before.heard.split(' ').length).toBeGreaterThan(10);
  }, SOON);
  // Not because the answer has ended.
  expect(agent.ends).toEqual([]);
  expect((await captionOf(page)).status).toBe('playing');

  await browser.hide(page);
  agent.session.interrupt();
  await speech.waitForPlayout();
  await vi.waitFor(() => expect(agent.ends).toHaveLength(1), SOON);
  await page.bringToFront();
  const [end] = agent.ends;
  await vi.waitFor(
    async () => expect(await captionOf(page)).toEqual({ heard: end?.heardText, status: 'cut' }),
    SOON,
  );
  expect(STORY.startsWith(end?.heardText ?? '-')).toBe(true);
  await agent.leave();
});

it('[CP13] while the page is muted, its caption marks no further word as heard; after that it goes on, and in the end it is that of the agent', {
  timeout: 120_000,
}, async () => {
  const { page, agent } = await meet('muted');
  const speech = agent.tell();
  await vi.waitFor(async () => expect((await captionOf(page)).heard).not.toBe(''), SOON);

  await page.evaluate("document.querySelectorAll('audio').forEach((one) => { one.muted = true; })");
  const passed = page.locator('.heard-caption .muted');
  await passed.first().waitFor();
  const { heard } = await captionOf(page);
  await vi.waitFor(async () => {
    const words = (await passed.allTextContents()).join('').split(' ');
    expect(words.length).toBeGreaterThan(5);
  }, SOON);
  expect((await captionOf(page)).heard).toBe(heard);

  await page.evaluate(
    "document.querySelectorAll('audio').forEach((one) => { one.muted = false; })",
  );
  await vi.waitFor(async () => {
    const words = (await captionOf(page)).heard.slice(heard.length).trim().split(' ');
    expect(words.length).toBeGreaterThan(3);
  }, SOON);
  const missed = (await passed.allTextContents()).join('');
  const again = (await captionOf(page)).heard.slice(heard.length);
  // What was heard later follows what was missed.
  expect(STORY.startsWith(heard + missed + again)).toBe(true);

  agent.session.interrupt();
  await speech.waitForPlayout();
  await vi.waitFor(() => expect(agent.ends).toHaveLength(1), SOON);
  const [end] = agent.ends;
  await vi.waitFor(
    async () => expect(await captionOf(page)).toEqual({ heard: end?.heardText, status: 'cut' }),
    SOON,
  );
  await agent.leave();
});
