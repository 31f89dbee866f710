import type { Playhead } from '@oncue/core/wire';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../../scripts/find_chromium.mjs';
import { AUTOPLAY, call, launch, needsChromium } from './support/chromium.ts';
import { openReporterSite } from './support/reporter_site.ts';

interface View {
  readonly states: readonly string[];
  readonly errors: readonly string[];
  readonly reports: readonly Playhead[];
  readonly said: readonly { readonly type: string; readonly playedBy?: string }[];
  readonly state: string;
  readonly stats: { readonly foundCount: number; readonly missedCount: number };
}

let site: Awaited<ReturnType<typeof openReporterSite>>;
let browser: Browser | undefined;

beforeAll(async () => {
  if (findChromium() === undefined) return;
  site = await openReporterSite();
  browser = await launch([AUTOPLAY]);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach((context) => needsChromium(context));

afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
});

async function openPage(of = browser): Promise<Page> {
  if (!of) throw new TypeError('no browser');
  const page = await of.newPage();
  await page.goto(site.url);
  return page;
}

const view = (page: Page): Promise<View> => call(page, 'view');
const stateIs = (page: Page, state: string): Promise<unknown> =>
  page.waitForFunction(`fixture.view().state === '${state}'`);
const of = ({ reports }: View, id: string): Playhead[] =>
  reports.filter((report) => report.responseId === id);

describe('a page with livekit-client', () => {
  it('[RP1] reports the start of each response as the recording of its output has it', async () => {
    const page = await openPage();
    await call(page, 'open');
    await stateIs(page, 'listening');
    const responses = [
      { id: 'a', seed: 1, ms: 1800, gapMs: 300 },
      { id: 'b', seed: 2, ms: 900, gapMs: 0 },
      { id: 'c', seed: 3, ms: 700, gapMs: 400 },
      { id: 'd', seed: 4, ms: 1200, gapMs: 0 },
      { id: 'e', seed: 1, ms: 1500, gapMs: 800 },
    ];

    const lengthMs = await call<number>(page, 'play', responses);
    await page.waitForTimeout(lengthMs + 1500);

    const seen = await view(page);
    expect(seen.errors).toEqual([]);
    const errorsMs: number[] = [];
    for (const { id, ms } of responses) {
      const reports = of(seen, id);
      expect(reports[0], id).toMatchObject({ phase: 'playing', evidence: 'device' });
      expect(reports.at(-1), id).toMatchObject({ phase: 'ended', heardSamples: ms * 24 });
      const truth = await call<{ atMs: number; likeness: number; reportedMs: number }>(
        page,
        'truthOf',
        id,
      );
      errorsMs.push(truth.reportedMs - truth.atMs);
    }
    const shown = errorsMs.map((one) => one.toFixed(2)).join(', ');
    process.stdout.write(
      `start, reported minus recorded, ms: ${shown}; ${JSON.stringify(seen.stats)}\n`,
    );
    expect(Math.max(...errorsMs.map(Math.abs)), shown).toBeLessThan(60);
  });
});
