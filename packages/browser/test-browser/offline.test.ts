import { launchChromium, needsChromium } from '@oncue/testbed';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../../scripts/find_chromium.mjs';
import * as MAILBOX from '../src/player/worklet/mailbox_layout.ts';
import { call } from './support/fixture.ts';
import type { OfflineRender, OfflineStep } from './support/offline_steps.ts';
import { openSite, type Site } from './support/site.ts';

const RATE_HZ = 24_000;

let site: Site | undefined;
let browser: Browser | undefined;
let page: Page | undefined;

beforeAll(async () => {
  if (findChromium() === undefined) return;
  site = await openSite();
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(site.url);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(needsChromium);

function render(frames: number, steps: readonly OfflineStep[]): Promise<OfflineRender> {
  if (!page) throw new TypeError('no page');
  return call(page, 'renderOffline', { sampleRateHz: RATE_HZ, frames, steps });
}

/** Every value differs from its neighbours, and none is silence. */
function samples(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => ((from + index) % 32_000) + 1);
}

describe('the worklet in an OfflineAudioContext', () => {
  it('[BR6] plays two responses that have both arrived sample for sample, with 0 samples between them', async () => {
    const first = samples(0, 1000);
    const second = samples(9000, 777);

    const { output } = await render(2560, [
      { atFrame: 0, write: first },
      { atFrame: 128, write: second },
    ]);

    expect(output.slice(0, 1777)).toEqual([...first, ...second]);
    expect(output.slice(1777).every((value) => value === 0)).toBe(true);
  });

  it('[BR6] after running dry it goes on with the next block, and reports where', async () => {
    const { output, mailboxes } = await render(1280, [
      { atFrame: 0, write: samples(0, 200) },
      { atFrame: 512, write: samples(200, 100) },
      { atFrame: 1024 },
    ]);

    expect(output.slice(0, 200)).toEqual(samples(0, 200));
    expect(output.slice(200, 512).every((value) => value === 0)).toBe(true);
    expect(output.slice(512, 612)).toEqual(samples(200, 100));
    const [, , last] = mailboxes;
    expect(last?.[MAILBOX.runCount]).toBe(2);
    expect(last?.slice(MAILBOX.runs, MAILBOX.runs + 6)).toEqual([0, 0, 200, 512, 200, 100]);
  });

  it('[BR7] after a clear there is silence from the next block on, and the mailbox has the last sample', async () => {
    const { output, mailboxes } = await render(2560, [
      { atFrame: 0, write: samples(0, 2000) },
      { atFrame: 640, command: 'clear' },
      { atFrame: 1280, write: samples(5000, 300) },
    ]);

    expect(output.slice(0, 640)).toEqual(samples(0, 640));
    expect(output.slice(640, 1280).every((value) => value === 0)).toBe(true);
    expect(output.slice(1280, 1580)).toEqual(samples(5000, 300));
    expect(mailboxes[1]?.slice(MAILBOX.runs, MAILBOX.runs + 3)).toEqual([0, 0, 640]);
  });

  it('[BR8] a pause is silent and loses no sample', async () => {
    const { output } = await render(2560, [
      { atFrame: 0, write: samples(0, 1000) },
      { atFrame: 256, command: 'pause' },
      { atFrame: 1024, command: 'resume' },
    ]);

    expect(output.slice(0, 256)).toEqual(samples(0, 256));
    expect(output.slice(256, 1024).every((value) => value === 0)).toBe(true);
    expect(output.slice(1024, 1024 + 744)).toEqual(samples(256, 744));
  });

  it('[BR6] a ring that wraps many times keeps every sample', async () => {
    const steps = Array.from({ length: 12 }, (_, index) => ({
      atFrame: index * 12_800,
      write: samples(index * 12_800, 12_800),
    }));

    const { output } = await render(12 * 12_800, steps);

    expect(output).toEqual(samples(0, 12 * 12_800));
  });
});
