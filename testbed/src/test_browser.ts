import type { Browser } from 'playwright-core';
import { findChromium } from '../../scripts/find_chromium.mjs';
import { findFirefox } from '../../scripts/find_firefox.mjs';
import { findWebkit } from '../../scripts/find_webkit.mjs';
import { AUTOPLAY, launchChromium } from './chromium.ts';
import { launchFirefox } from './firefox.ts';
import { needsChromium, needsFirefox, needsWebkit } from './needs_room.ts';
import { launchWebkit } from './webkit.ts';

/** A microphone that beeps, and no question to the user. */
const FAKE_MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

/** What the tests that run in every browser need of a page. Playwright's pages have it, and those of WebKit. */
export interface TestPage {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  /** @param expression of JavaScript. Its value is awaited if it is a promise. */
  evaluate<T>(expression: string): Promise<T>;
  waitForFunction(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

/** What they need of a browser. */
export interface TestBrowser {
  newPage(): Promise<TestPage>;
  close(): Promise<void>;
}

/** A browser that the tests run in. */
export interface BrowserKind {
  readonly needs: typeof needsChromium;
  /** With a microphone that beeps. `undefined` if it is not installed. */
  readonly launch: () => Promise<TestBrowser | undefined>;
  /** Whether each test has a browser of its own. */
  readonly isForOneTest: boolean;
}

const CHROMIUM: BrowserKind = {
  needs: needsChromium,
  launch: launchTestChromium,
  isForOneTest: false,
};

const FIREFOX: BrowserKind = {
  needs: needsFirefox,
  launch: async () => (findFirefox() === undefined ? undefined : launchFirefox()),
  // After some pages with audio the next page's audio did not begin.
  isForOneTest: true,
};

const WEBKIT: BrowserKind = {
  needs: needsWebkit,
  launch: async () => (findWebkit() === undefined ? undefined : launchWebkit()),
  // Its driver ends with its last window.
  isForOneTest: true,
};

/** The browser of this run. The projects `firefox` and `webkit` of vitest.config.ts set it. */
export const browserKind: BrowserKind = kindOf(process.env['ONCUE_TEST_BROWSER']);

function kindOf(name: string | undefined): BrowserKind {
  if (name === 'firefox') return FIREFOX;
  return name === 'webkit' ? WEBKIT : CHROMIUM;
}

/** Starts the browser of this run for a room: Chromium or Firefox. */
export function launchRoomBrowser(): Promise<Browser> {
  return browserKind === FIREFOX ? launchFirefox() : launchChromium();
}

/** Starts Chromium with a microphone that beeps. @returns `undefined` if it is not installed. */
export async function launchTestChromium(): Promise<Browser | undefined> {
  return findChromium() === undefined ? undefined : launchChromium([AUTOPLAY, ...FAKE_MICROPHONE]);
}
