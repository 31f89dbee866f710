import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  AUTOPLAY,
  launchChromium,
  missingForRoom,
  needsRoom,
  silentMicrophone,
} from '@oncue/testbed';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';

const SOON = { timeout: 40_000, interval: 100 };
const TIMEOUT_MS = 120_000;
let room: ChildProcess;
let browser: Browser;
let printed = '';

beforeAll(() => {
  if (missingForRoom() === undefined) room = startRoom();
});

afterAll(async () => {
  await browser?.close();
  if (room?.exitCode === null) room.kill('SIGKILL');
});

beforeEach(needsRoom);

/** Starts the example as `npm run room -- --plain` does. */
function startRoom(): ChildProcess {
  const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
  const worker = new URL('../../../scripts/tsx_in_workers.mjs', import.meta.url).href;
  const source = ['--conditions=@oncue/source', '--import', worker, '--import', 'tsx'];
  const child = spawn(process.execPath, [...source, here('../start.ts'), '--plain'], {
    cwd: here('..'),
  });
  const keep = (data: Buffer): void => {
    printed += data.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return child;
}

it('[LK1] npm run room -- --plain: LiveKit sends the worker to the room, the page hears both answers, and Ctrl-C ends all of it', {
  timeout: TIMEOUT_MS,
}, async () => {
  await vi.waitFor(() => expect(printed).toMatch(/^Open/m), SOON);
  const [, url = ''] = /^Open +(\S+)$/m.exec(printed) ?? [];
  browser = await launchChromium([AUTOPLAY, ...silentMicrophone()]);
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  await page.goto(url);
  await page.click('#start');
  await vi.waitFor(async () => {
    expect(await page.textContent('#agent')).toBe('listening');
    expect(await page.textContent('#reporter')).toBe('listening');
  }, SOON);

  await page.click('#ask button');
  const lines = async (kind: string): Promise<string[]> =>
    await page.locator(`#heard ${kind}`).allTextContents();
  await vi.waitFor(async () => {
    expect(await lines('.response small')).toEqual([
      expect.stringMatching(/^response 1, start known by device .* heard, /),
      expect.stringMatching(/^response 2, start known by device .* heard, /),
    ]);
    expect(await page.textContent('#agent')).toBe('listening');
  }, SOON);
  expect(await lines('.response > span')).toEqual([
    expect.stringMatching(/^One moment please/),
    expect.stringMatching(/^It is right behind you, .* clock\.$/),
  ]);
  expect(await lines('.task')).toEqual(['task: look up the way', 'task: open the map']);
  expect(errors).toEqual([]);

  room.kill('SIGINT');
  const [code] = await once(room, 'exit');
  expect(code).toBe(0);
});
