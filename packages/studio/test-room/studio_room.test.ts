import { initializeLogger } from '@livekit/agents';
import {
  AUTOPLAY,
  type LivekitServer,
  launchChromium,
  missingForRoom,
  needsRoom,
  silentMicrophone,
  startLivekitServer,
} from '@oncue/testbed';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Studio } from '../src/index.ts';
import { findingsOf } from '../test-browser/support/axe_findings.ts';
import { lastWords } from '../test-browser/support/studio_page.ts';

initializeLogger({ pretty: false, level: 'silent' });

const SOON = { timeout: 30_000, interval: 100 };
let server: LivekitServer;
let browser: Browser;
let studio: Studio;

beforeAll(async () => {
  if (missingForRoom() !== undefined) return;
  server = await startLivekitServer();
  browser = await launchChromium([AUTOPLAY, ...silentMicrophone()]);
  studio = await Studio.start({ port: 0, env: {}, room: server });
});

afterAll(async () => {
  await studio?.close();
  await browser?.close();
  await server?.stop();
});

beforeEach(needsRoom);

interface Event {
  readonly type: string;
  readonly evidence?: string;
  readonly heardText?: string;
}

/** The events of the run so far, as any page of the studio gets them. */
async function events(): Promise<Event[]> {
  const socket = new WebSocket(`${studio.url.replace('http', 'ws')}studio`);
  const lines: string[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'trace') lines.push(...message.lines);
    if (message.type === 'clock') socket.close();
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === 'event')
    .map(({ event }) => event);
}

it('[ST13] in a room the page hears the agent through LiveKit, and shows the same as without a room', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(studio.url);
  await page.click('.listen');
  await vi.waitFor(
    async () => expect(await page.textContent('.listen')).toContain('Listening'),
    SOON,
  );

  await page.click('.scenario >> nth=0');
  await vi.waitFor(async () => {
    const heard = (await events()).filter(({ type }) => type === 'response_playback_finished');
    expect(heard.length).toBeGreaterThanOrEqual(2);
  }, SOON);

  const starts = (await events()).filter(({ type }) => type === 'response_playback_started');
  expect(starts.map(({ evidence }) => evidence)).toContain('device');
  await vi.waitFor(async () => expect((await lastWords(page)).unheard).toBe(''), SOON);
  expect((await lastWords(page)).heard).not.toBe('');
  expect(errors).toEqual([]);

  await page.click('.mic');
  await vi.waitFor(
    async () => expect(await page.getAttribute('.mic', 'aria-pressed')).toBe('true'),
    SOON,
  );
  expect(await page.locator('[role=alert]').count()).toBe(0);
  expect(await findingsOf(page), '[ST21] of axe').toEqual([]);
});
