import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { AUTOPLAY, launchChromium } from './chromium.ts';
import { freePort } from './free_port.ts';

/** Flags of Playwright that keep a page in the background as awake as one in front. */
const KEEP_AWAKE_FLAGS = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** A browser whose pages can be in the background. Pages that Playwright opens in a browser of its own cannot. */
export interface BackgroundBrowser {
  /** All pages are tabs of one window. */
  newContext(): Promise<BrowserContext>;
  /** Puts another tab in front. */
  hide(page: Page): Promise<void>;
  /** What a browser does to a tab that has been hidden for long. The page must be hidden. */
  freeze(page: Page): Promise<void>;
  thaw(page: Page): Promise<void>;
  close(): Promise<void>;
}

/** @throws Error that says how to install a browser where there is none. */
export async function launchBackgroundBrowser(): Promise<BackgroundBrowser> {
  // Playwright does not tell which port a browser took that it launched.
  const port = await freePort();
  const launched = await launchChromium(
    [`--remote-debugging-port=${port}`, AUTOPLAY],
    undefined,
    KEEP_AWAKE_FLAGS,
  );
  // A page that is opened through `launched` always counts as visible.
  const joined = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
  const [context] = joined.contexts();
  if (!context)
    throw new Error('Chromium has no window of its own; use a Chromium of 2023 or later');
  const inFront = await context.newPage();
  const sessions = new Map<Page, CDPSession>();

  const setLife = async (page: Page, state: 'frozen' | 'active'): Promise<void> => {
    const session = sessions.get(page) ?? (await context.newCDPSession(page));
    sessions.set(page, session);
    await session.send('Page.setWebLifecycleState', { state });
  };
  return {
    newContext: async () => context,
    hide: async (page) => {
      await inFront.bringToFront();
      await page.waitForFunction('document.visibilityState === "hidden"', undefined, {
        polling: 50,
      });
    },
    freeze: (page) => setLife(page, 'frozen'),
    thaw: (page) => setLife(page, 'active'),
    close: () => launched.close(),
  };
}
