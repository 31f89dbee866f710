import { fileURLToPath } from 'node:url';
import type { AgentMessage, Playhead } from '@oncue/core/wire';
import {
  type BadNetwork,
  type LivekitServer,
  openPageSite,
  openRoomPage,
  type PageSite,
  type RoomPage,
} from '@oncue/testbed';
import type { Browser } from 'playwright-core';

/** What the page saw. */
export interface View {
  /** `ReporterState`. */
  readonly state: string | undefined;
  readonly errors: readonly string[];
  /** What was reported to the agents, on the page's clock. */
  readonly reports: readonly Playhead[];
  /** What the agents said. */
  readonly said: readonly (AgentMessage & { readonly from: string })[];
  /** Of `ReporterStats`. */
  readonly stats: { readonly foundCount: number; readonly missedCount: number };
}

/** The page with livekit-client and the reporter, bundled from source. */
export function openReporterSite(): Promise<PageSite> {
  return openPageSite({
    main: here('../page/main.ts'),
    'reporter.worklet': here('../../src/reporter/worklet/reporter.worklet.ts'),
  });
}

const ROUND_TRIPS = 10;

interface Joining {
  readonly room: string;
  readonly identity: string;
}

/** A listener in the room. */
export class ReportingPage {
  readonly inner: RoomPage;
  readonly #server: LivekitServer;
  readonly #as: Joining;

  private constructor(inner: RoomPage, server: LivekitServer, as: Joining) {
    this.inner = inner;
    this.#server = server;
    this.#as = as;
  }

  static async join(of: {
    readonly browser: Pick<Browser, 'newContext'>;
    readonly site: PageSite;
    readonly server: LivekitServer;
    readonly network?: BadNetwork;
    readonly room: string;
    readonly identity?: string;
  }): Promise<ReportingPage> {
    const { room, identity = 'listener' } = of;
    const page = new ReportingPage(await openRoomPage(of), of.server, { room, identity });
    await page.inner.join(of.server, page.#as);
    return page;
  }

  view(): Promise<View> {
    return this.inner.call<View>('view');
  }

  /**
   * When the page's clock began, on the clock of this process, by the fastest of some round trips. Not by `timeOrigin`: the system's
   * clock may be set between the start of two processes.
   */
  async clockBeganAtMs(): Promise<number> {
    let fastest = { tripMs: Number.POSITIVE_INFINITY, beganAtMs: Number.NaN };
    for (let trip = 0; trip < ROUND_TRIPS; trip += 1) {
      const askedAtMs = performance.now();
      const pageMs = await this.inner.page.evaluate<number>('performance.now()');
      const tripMs = performance.now() - askedAtMs;
      if (tripMs < fastest.tripMs) fastest = { tripMs, beganAtMs: askedAtMs + tripMs / 2 - pageMs };
    }
    return fastest.beganAtMs;
  }

  /** As a user does it in the middle of something, who then joins again. */
  async reload(): Promise<void> {
    await this.inner.page.reload();
    await this.inner.page.waitForFunction('globalThis.fixture !== undefined');
    await this.inner.join(this.#server, this.#as);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
