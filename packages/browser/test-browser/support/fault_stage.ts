import { FliteTTS } from '@oncue/embedded';
import { BadStream, launchTestChromium, needsChromium } from '@oncue/testbed';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, type TestContext, vi } from 'vitest';
import { SOON, untilListenedTo } from '../../test-room/support/after_faults.ts';
import { call } from './fixture.ts';
import { openSite, type Site } from './site.ts';
import { SocketAgent } from './socket_agent.ts';

const CLOSE_DEADLINE_MS = 500;
/** The tasks' deadline of `close`, and what SPEC.md allows beyond it [FT6]. */
export const CLOSE_MS: number = CLOSE_DEADLINE_MS + 1000;

export const STORY = 'A long story begins here, and it goes on and on until it comes to its end.';
const TURN: readonly string[] = [STORY, 'That was all.'];

let site: Site;
/** Its worker takes a second to start, so all agents share it. */
let tts: FliteTTS;
let browser: Browser | undefined;
/** By the host that their pages connect to. */
const agents = new Map<string | undefined, SocketAgent>();

/** Opens one site and one browser for the tests of a file, which may run side by side. */
export function useFaultStage(): void {
  beforeEach(needsChromium);
  beforeAll(async () => {
    tts = new FliteTTS();
    [site, browser] = await Promise.all([openSite(), launchTestChromium(), warmUp()]);
    site.onSocket = (socket, host) => agents.get(host)?.listener.attachSocket(socket);
  });
  afterAll(async () => {
    await browser?.close();
    await site.close();
    await tts.close();
  });
}

/** LiveKit gives up a voice that does not begin within seconds, as one does on a busy machine. */
async function warmUp(): Promise<void> {
  for await (const _ of tts.synthesize(STORY));
}

/** An agent, the network to it and pages that listen to it, of one test. */
export class Conversation {
  readonly agent: SocketAgent;
  readonly network: BadStream;
  readonly #browser: Pick<Browser, 'newContext'>;
  readonly #onTestFinished: TestContext['onTestFinished'];

  private constructor(
    agent: SocketAgent,
    network: BadStream,
    of: Pick<TestContext, 'onTestFinished'> & { readonly browser: Pick<Browser, 'newContext'> },
  ) {
    this.agent = agent;
    this.network = network;
    this.#browser = of.browser;
    this.#onTestFinished = of.onTestFinished;
  }

  /** @param of.browser - Default: the one that the tests share. */
  static async open(
    { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
    of: {
      readonly awayAfterMs: number;
      readonly seed?: number;
      readonly browser?: Pick<Browser, 'newContext'>;
    },
  ): Promise<Conversation> {
    const { awayAfterMs, seed, browser: own = browser } = of;
    if (!own) throw new TypeError('no browser');
    const agent = await SocketAgent.start({ tts, awayAfterMs, closeDeadlineMs: CLOSE_DEADLINE_MS });
    onTestFinished(() => agent.close());
    const network = await BadStream.start({
      toPort: Number(new URL(site.url).port),
      ...(seed === undefined ? {} : { seed }),
    });
    onTestFinished(() => network.close());
    agents.set(`127.0.0.1:${network.port}`, agent);
    return new Conversation(agent, network, { browser: own, onTestFinished });
  }

  /** A page that listens, in a window of its own. */
  async openPage(): Promise<Page> {
    const context = await this.#browser.newContext();
    this.#onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${this.network.port}/`);
    await call(page, 'connect', { start: true });
    await untilListenedTo(this.agent);
    return page;
  }

  /** Asks for two responses. @returns In the middle of the first. */
  async inMidResponse(): Promise<{ said: Promise<unknown> }> {
    const { agent } = this;
    const said = agent.ask(TURN).waitForPlayout();
    await vi.waitFor(() => expect(agent.heardMs).toBeGreaterThan(500), SOON);
    return { said };
  }

  async untilNobodyListens(): Promise<void> {
    await vi.waitFor(() => expect(this.agent.isListenedTo).toBe(false), SOON);
  }
}

/** The listener heard every word of the turn. */
export function expectAllHeard(agent: SocketAgent): void {
  const ends = agent.of('response_playback_finished').slice(0, TURN.length);
  // Of a failure, `inaudible` says the reason.
  const heard = ends.map(({ outcome, heardText, inaudible }) => ({
    outcome,
    heardText,
    inaudible,
  }));
  expect(heard).toEqual(TURN.map((heardText) => ({ outcome: 'heard', heardText })));
}
