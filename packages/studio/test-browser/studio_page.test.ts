import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { initializeLogger } from '@livekit/agents';
import { replayTrace } from '@oncue/core/trace';
import { needsChromium } from '@oncue/testbed';
import type { Browser } from 'playwright-core';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { StudioProcess } from '../../../tests/support/studio_process.ts';
import { writeSpokenWav } from './support/spoken_wav.ts';
import { lastWords, launch, openPage } from './support/studio_page.ts';

initializeLogger({ pretty: false, level: 'silent' });

const TIMEOUT_MS = 120_000;
const folder = mkdtempSync(path.join(os.tmpdir(), 'oncue-studio-'));
let studio: StudioProcess | undefined;
let browser: Browser | undefined;

beforeEach(needsChromium);

afterAll(async () => {
  await browser?.close();
  await studio?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A studio at the start of a run, and a browser whose microphone is silent so far. */
async function fresh(speech?: string): Promise<{ studio: StudioProcess; browser: Browser }> {
  await browser?.close();
  browser = await launch(speech);
  if (studio) {
    const next = studio.message(({ type }) => type === 'run');
    studio.send({ type: 'restart' });
    await next;
  }
  studio ??= await StudioProcess.start();
  return { studio, browser };
}

describe('the page in Chromium (ST)', () => {
  it(
    '[ST10] plays the answer, shows its words as they are heard, and starts its task',
    async () => {
      const { studio, browser } = await fresh();
      const { page, errors } = await openPage(browser, studio.url);

      await page.fill('#ask', 'Is anyone there?');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.state-speaking');
      await page.waitForSelector('.card.heard', { timeout: 30_000 });

      expect(await page.locator('button.listen').textContent()).toContain('Listening');
      expect(await lastWords(page)).toEqual({
        heard: 'Yes, I am here, and only what you heard has counted.',
        unheard: '',
      });
      expect(await page.locator('.card.skipped').textContent()).toContain('it had no text');
      expect(await page.locator('.task.finished').count()).toBe(1);
      const finished = studio.facts.find(({ type }) => type === 'response_playback_finished');
      expect(finished).toMatchObject({ evidence: 'device', outcome: 'heard' });
      expect(errors).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    '[ST5] the page reports when its own audio began, and draws the error of the events',
    async () => {
      const { studio, browser } = await fresh();
      const { page } = await openPage(browser, studio.url);

      await page.keyboard.press('5');
      await page.waitForSelector('.card.heard', { timeout: 30_000 });
      await page.waitForSelector('.plot circle.oncue');

      const started = studio.facts.find(({ type }) => type === 'response_playback_started');
      const truth = studio.facts.find(({ type }) => type === 'listener_truth');
      expect(truth?.['responseId']).toBe(started?.['responseId']);
      // The benchmark measures how close they are. This checks that both use the same clock.
      expect(
        Math.abs(Number(started?.['startedAtMs']) - Number(truth?.['soundedAtMs'])),
      ).toBeLessThan(250);
      expect(await page.locator('.figures-note').textContent()).toContain('of 1 response');
    },
    TIMEOUT_MS,
  );

  it(
    '[ST10] the button cuts, and the unheard words stay grey',
    async () => {
      const { studio, browser } = await fresh();
      const { page } = await openPage(browser, studio.url);

      await page.click('button.scenario:has-text("story")');
      // A cut also ends the writing, so wait until all of the text is written.
      await page.locator('.card', { hasText: 'Hers was right.' }).waitFor();
      await page.locator('.card .is-heard', { hasText: 'lighthouse' }).waitFor();
      await page.click('button.stop');
      await page.waitForSelector('.card.cut');

      const { heard, unheard } = await lastWords(page);
      const cut = await studio.fact(({ type }) => type === 'response_playback_finished');
      expect(heard).toBe(cut['heardText']);
      expect(unheard).toMatch(/Hers was right\.$/);
      expect(await page.locator('.cut-mark').count()).toBe(1);
      await page.waitForSelector('.header .state-listening');
    },
    TIMEOUT_MS,
  );

  it(
    '[ST10] a voice in the microphone cuts',
    async () => {
      const wav = path.join(folder, 'stop.wav');
      await writeSpokenWav(wav, { text: 'Wait, stop, please stop there.', afterMs: 3000 });
      const { studio, browser } = await fresh(wav);
      const { page } = await openPage(browser, studio.url);

      await page.keyboard.press('4');
      await page.waitForSelector('.card.playing');
      await page.keyboard.press('m');
      await page.waitForSelector('button.mic.on');
      await page.waitForSelector('.card.cut', { timeout: 30_000 });

      const cut = await studio.fact(({ type }) => type === 'response_playback_finished');
      expect(cut).toMatchObject({ outcome: 'cut', cutBy: 'user_speech', evidence: 'device' });
      expect(await page.locator('.user .speech').count()).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it(
    '[ST10] after a reload the response goes on, and the page shows all that was before',
    async () => {
      const { studio, browser } = await fresh();
      const { page } = await openPage(browser, studio.url);
      await page.keyboard.press('2');
      await page.waitForSelector('.card.playing');

      await page.reload();
      await page.waitForSelector('.card');
      await page.keyboard.press('l');
      await page.locator('.card.heard').nth(1).waitFor({ timeout: 40_000 });

      const outcomes = studio.facts
        .filter(({ type }) => type === 'response_playback_finished')
        .map(({ outcome, heardMs, sentMs }) => [outcome, heardMs === sentMs]);
      expect(outcomes).toEqual([
        ['heard', true],
        ['heard', true],
      ]);
      expect(await page.locator('.said p').first().textContent()).toMatch(/dentist/);
      // A response that began before the reload has only the measurement of the page it began in.
      const truths = studio.facts.filter(({ type }) => type === 'listener_truth');
      const starts = studio.facts.filter(({ type }) => type === 'response_playback_started');
      for (const { responseId, soundedAtMs } of truths) {
        const start = starts.find((one) => one['responseId'] === responseId);
        expect(Math.abs(Number(start?.['startedAtMs']) - Number(soundedAtMs))).toBeLessThan(250);
      }
    },
    TIMEOUT_MS,
  );

  it(
    '[ST10] a saved trace is complete, and shows the same when it is dropped',
    async () => {
      const { studio, browser } = await fresh();
      const { page, errors } = await openPage(browser, studio.url);
      await page.keyboard.press('5');
      await page.waitForSelector('.card.heard', { timeout: 30_000 });
      const shown = await page.locator('.conversation ol').textContent();

      const download = page.waitForEvent('download');
      await page.keyboard.press('s');
      const saved = path.join(folder, 'saved.trace.jsonl.gz');
      await (await download).saveAs(saved);

      const text = gunzipSync(readFileSync(saved)).toString();
      expect(replayTrace(text).firstDifference).toBeUndefined();
      expect(readFileSync(saved).length).toBeLessThan(text.length / 5);
      studio.send({ type: 'restart' });
      await page.waitForSelector('.conversation .nothing');
      await page.evaluate(`{
        const transfer = new DataTransfer();
        transfer.items.add(new File([${JSON.stringify(text)}], 'dropped.trace.jsonl'));
        dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, cancelable: true }));
      }`);
      await page.waitForSelector('.card.heard');
      expect(await page.locator('.conversation ol').textContent()).toBe(shown);

      await page.locator('input[type=range]').press('Home');
      await page.waitForSelector('.conversation .nothing');
      for (let step = 0; step < 3; step += 1) await page.keyboard.press('.');
      await page.waitForSelector('.card');
      // Nothing of a saved trace can be asked or interrupted.
      expect(await page.locator('button.stop, button.mic, #ask, button.scenario').count()).toBe(0);
      await page.keyboard.press('4');
      await page.click('text=Back to live');
      await page.waitForSelector('.conversation .nothing');
      await page.setInputFiles('input[type=file]', saved);
      await page.waitForSelector('.card.heard');
      expect(errors).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    '[ST23] Esc closes what is open and interrupts only if nothing is; the cut is by you',
    async () => {
      const { studio, browser } = await fresh();
      const { page, errors } = await openPage(browser, studio.url);
      await page.keyboard.press('4');
      await page.locator('.card .is-heard', { hasText: 'lighthouse' }).waitFor();

      for (const open of ['.parts', '.keys']) {
        if (open === '.keys') await page.keyboard.press('?');
        else await page.click(`${open} summary`);
        expect(await page.locator(`${open} .popover`).isVisible()).toBe(true);
        await page.keyboard.press('Escape');
        expect(await page.locator(`${open} .popover`).isVisible()).toBe(false);
      }
      expect(await page.locator('.card.playing').count()).toBe(1);
      await page.keyboard.press('Escape');
      await page.waitForSelector('.card.cut');

      expect(await page.locator('.card.cut .outcome').textContent()).toMatch(/^cut by you after/);
      expect(studio.facts.filter(({ type }) => type === 'user_interrupted')).toHaveLength(1);
      expect(errors).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    '[ST24] nothing on the page moves when the microphone opens',
    async () => {
      const { studio, browser } = await fresh();
      const { page } = await openPage(browser, studio.url);
      const places = () =>
        page.evaluate<number[]>(
          '[...document.querySelectorAll("button:not(.hint *), .panel")].map((one) => one.getBoundingClientRect().top)',
        );
      const before = await places();

      await page.keyboard.press('m');
      await page.waitForSelector('button.mic.on');
      await page.waitForSelector('.hint');

      expect(await places()).toEqual(before);
      await page.click('.hint button');
      expect(await page.locator('.hint').count()).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    '[ST3] a file that is not a trace is rejected with the reason',
    async () => {
      const { studio, browser } = await fresh();
      const { page } = await openPage(browser, studio.url);
      const file = path.join(folder, 'notes.txt');
      writeFileSync(file, 'milk, bread\n');

      await page.setInputFiles('input[type=file]', file);

      expect(await page.locator('.notice').textContent()).toMatch(
        /notes\.txt cannot be opened as a trace: .*not JSON/,
      );
    },
    TIMEOUT_MS,
  );

  it(
    '[ST10] the page fits a phone, and everything can be reached by keyboard',
    async () => {
      const { studio, browser } = await fresh();
      const { page } = await openPage(browser, studio.url);
      await page.setViewportSize({ width: 360, height: 740 });

      const widthNow = () => page.evaluate('document.documentElement.scrollWidth');
      await expect.poll(widthNow, { timeout: 20_000 }).toBe(360);
      const reached = new Set<string>();
      for (let press = 0; press < 30; press += 1) {
        await page.keyboard.press('Tab');
        reached.add(
          await page.evaluate<string>(
            'document.activeElement?.textContent || document.activeElement?.id || ""',
          ),
        );
      }
      for (const name of ['Start listening', 'Interrupt', 'Microphone', 'Save trace', 'Parts'])
        expect([...reached].join('|')).toContain(name);
      expect([...reached]).toContain('ask');
    },
    TIMEOUT_MS,
  );
});
