import { browserKind, type TestBrowser, type TestPage } from '@oncue/testbed';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { call } from './fixture.ts';
import { openSite, type Site } from './site.ts';
import { TestAgent } from './test_agent.ts';

/** Longer than a page takes to answer on a busy machine. */
const ANSWERS_WITHIN_MS = 15_000;

/** What the page's fixture shows of its player. */
export interface PlayerView {
  readonly states: readonly string[];
  readonly errors: readonly { readonly code: string; readonly text: string }[];
  readonly position: { readonly responseId: string; readonly heardSamples: number } | undefined;
  readonly stats: { readonly underrunCount: number; readonly errorBoundMs: number };
}

/** A site, the browser of this run, and for each test an agent. In Firefox and WebKit each test has its own browser. */
export class PlayerStage {
  #site: Site | undefined;
  #browser: TestBrowser | undefined;
  #agent: TestAgent | undefined;
  #pages: TestPage[] = [];

  get site(): Site {
    if (!this.#site) throw new TypeError('no browser');
    return this.#site;
  }

  get agent(): TestAgent {
    if (!this.#agent) throw new TypeError('no test is running');
    return this.#agent;
  }

  async emptyPage(of = this.#browser): Promise<TestPage> {
    if (!of) throw new TypeError('no browser');
    const page = await of.newPage();
    if (of === this.#browser) this.#pages.push(page);
    await page.goto(this.site.url);
    return page;
  }

  async openPage(start = true, of = this.#browser): Promise<TestPage> {
    const page = await this.emptyPage(of);
    await call(page, 'connect', { start });
    return page;
  }

  async listeningPage(): Promise<TestPage> {
    const { agent } = this;
    const hellos = agent.count('hello');
    const page = await this.openPage();
    try {
      await agent.until('hello', () => agent.count('hello') > hellos);
    } catch (cause) {
      throw new Error(`no hello; the page: ${await lastSign(page)}`, { cause });
    }
    return page;
  }

  /** Whether the last report of a response says that it has ended. */
  ended(responseId: string): () => boolean {
    return () => this.agent.reportsOf(responseId).at(-1)?.phase === 'ended';
  }

  async open(): Promise<void> {
    this.#site = await openSite();
    if (!browserKind.isForOneTest) this.#browser = await browserKind.launch();
  }

  async beginTest(): Promise<void> {
    this.#agent = new TestAgent(this.site);
    this.#browser ??= await browserKind.launch();
  }

  async endTest(): Promise<void> {
    this.#agent?.close();
    this.#agent = undefined;
    const pages = this.#pages.splice(0);
    if (browserKind.isForOneTest) {
      await this.#browser?.close();
      this.#browser = undefined;
      return;
    }
    for (const page of pages) await page.close();
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#site?.close();
  }
}

/** Opens a stage for the tests of a file. They are skipped if the browser is missing. */
export function usePlayerStage(): PlayerStage {
  const stage = new PlayerStage();
  beforeAll(() => stage.open());
  afterAll(() => stage.close());
  beforeEach((context) => {
    browserKind.needs(context);
    return stage.beginTest();
  });
  afterEach(() => stage.endTest());
  return stage;
}

/** What the page shows of its player. */
export function view(page: TestPage): Promise<PlayerView> {
  return call(page, 'view');
}

/** What a page shows that did not do what it should. In Firefox a page can hang (docs/browsers.md); that one answers nothing. */
async function lastSign(page: TestPage): Promise<string> {
  const hangs = new Promise<string>((resolve) =>
    setTimeout(() => resolve('hangs: it answers nothing'), ANSWERS_WITHIN_MS),
  );
  return Promise.race([view(page).then((shown) => JSON.stringify(shown), String), hangs]);
}

/** Waits until the player has a state. */
export async function stateIs(page: TestPage, state: string): Promise<void> {
  await page.waitForFunction(`fixture.view().states.at(-1) === '${state}'`);
}
