import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { initializeLogger } from '@livekit/agents';
import {
  launchChromium,
  missingForRoom,
  silentMicrophone,
  startLivekitServer,
} from '@oncue/testbed';
import type { Browser, Page } from 'playwright-core';
import { Studio } from '../src/index.ts';
import { writeSheets } from './sheets.ts';
import { SHOT_STATES, type ShotAgent, type ShotState } from './states.ts';

// Pictures of every state of the page, light and dark, at three widths: `npm run studio:shots -- [name …]`. The sheets
// (`sheet_…`) are what a designer looks at.

const FOLDER = fileURLToPath(new URL('../../../.cache/studio_shots/', import.meta.url));
const SIZES = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
];
const THEMES = ['light', 'dark'] as const;

/** Where an agent's file has an error. */
const BROKEN = `import { voice } from '@livekit/agents';

export function createAgent() {
  return voice.Agent.create({ instructions: undefinedName });
}
`;

/** Starts a studio with an agent. @returns What stops it, and its address. */
async function startStudio(
  agent: ShotAgent,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const server = agent === 'room' ? await startLivekitServer() : undefined;
  const broken = path.join(FOLDER, 'broken_agent.ts');
  if (agent === 'broken') writeFileSync(broken, BROKEN);
  const files = {
    slow: fileURLToPath(new URL('slow_agent.ts', import.meta.url)),
    broken,
    demo: undefined,
    room: undefined,
  };
  const agentFile = files[agent];
  const studio = await Studio.start({
    port: 0,
    env: {},
    ...(agentFile === undefined ? {} : { agentFile }),
    ...(server === undefined ? {} : { room: server }),
  });
  const stop = async (): Promise<void> => {
    await studio.close();
    await server?.stop();
    rmSync(broken, { force: true });
  };
  return { url: studio.url, stop };
}

async function picturesOf(state: ShotState, browser: Browser): Promise<void> {
  const studio = await startStudio(state.agent);
  const context = await browser.newContext({ colorScheme: 'light', viewport: SIZES[0] ?? null });
  const page = await context.newPage();
  try {
    await page.goto(studio.url);
    await page.waitForSelector('.header .chip');
    await page.waitForTimeout(600);
    await state.reach(page);
    for (const theme of THEMES) await picturesIn(page, `${state.name}_${theme}`, theme);
    await writeSheets(browser, FOLDER, state.name);
  } finally {
    await context.close();
    await studio.stop();
  }
}

async function picturesIn(page: Page, name: string, theme: string): Promise<void> {
  const isNow = await page.evaluate<string>('document.documentElement.dataset.theme');
  if (isNow !== theme) await page.keyboard.press('d');
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.waitForTimeout(250);
    const file = path.join(FOLDER, `${name}_${size.width}.png`);
    await page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
  }
  const [first] = SIZES;
  if (first) await page.setViewportSize(first);
}

initializeLogger({ pretty: false, level: 'silent' });
mkdirSync(FOLDER, { recursive: true });
const names = process.argv.slice(2);
const asked = SHOT_STATES.filter(({ name }) => names.length === 0 || names.includes(name));
const missing = missingForRoom();
const browser = await launchChromium(silentMicrophone());
for (const state of asked) {
  if (state.agent === 'room' && missing !== undefined) {
    process.stdout.write(`${state.name}: left out, ${missing}\n`);
    continue;
  }
  try {
    await picturesOf(state, browser);
    process.stdout.write(`${state.name}: done\n`);
  } catch (error) {
    process.stdout.write(`${state.name}: ${String(error)}\n`);
    process.exitCode = 1;
  }
}
await browser.close();
process.stdout.write(`The pictures are in ${path.relative(process.cwd(), FOLDER)}\n`);
process.exit();
