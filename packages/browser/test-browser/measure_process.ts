import { launchChromium } from '@oncue/testbed';
// Prints what the player's worklet costs in Chromium: npx tsx packages/browser/test-browser/measure_process.ts
import { call } from './support/fixture.ts';
import { openSite } from './support/site.ts';

const site = await openSite();
const browser = await launchChromium();
const page = await browser.newPage();
await page.goto(site.url);
for (const sampleRateHz of [16_000, 24_000, 48_000]) {
  const budgetMicros = (128 / sampleRateHz) * 1e6;
  for (let run = 0; run < 3; run += 1) {
    const cost = await call<{ microsPerQuantum: number; emptyMicrosPerQuantum: number }>(
      page,
      'measureProcess',
      { sampleRateHz, seconds: 600 },
    );
    const share = (100 * cost.microsPerQuantum) / budgetMicros;
    const line = { sampleRateHz, budgetMicros, ...cost, percentOfBudget: share };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
await browser.close();
await site.close();
