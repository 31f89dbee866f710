import type { Browser, Page } from 'playwright-core';
import { joinToken, type LivekitServer } from './livekit_server.ts';
import type { BadNetwork } from './network/bad_network.ts';
import { mediaRouteScript, type PageSite } from './page_site.ts';

/** A page whose media goes through the given network. */
export class RoomPage {
  readonly page: Page;
  /** Errors of the page. A good run ends without any. */
  readonly errors: readonly string[];

  /** @internal */
  constructor(page: Page, errors: readonly string[]) {
    this.page = page;
    this.errors = errors;
  }

  /** Calls a function of `globalThis.fixture` in the page. Argument and result are JSON. */
  async call<T>(name: string, argument?: unknown): Promise<T> {
    const source = `fixture.${name}(${argument === undefined ? '' : JSON.stringify(argument)})`;
    return await this.page.evaluate<T>(source);
  }

  /** Makes the page join a room: its fixture's `join` gets `{ url, token }`. */
  async join(
    server: Pick<LivekitServer, 'url' | 'apiKey' | 'apiSecret'>,
    of: { readonly room: string; readonly identity: string },
  ): Promise<void> {
    await this.call('join', { url: server.url, token: await joinToken(server, of) });
  }

  /** The ports that the page's media goes to. It must be the network's port only. */
  async remotePorts(): Promise<number[]> {
    return await this.page.evaluate<number[]>('testbedMedia.remotePorts()');
  }

  /** What `getStats` reports for each incoming audio stream. */
  async inboundAudio(): Promise<Record<string, unknown>[]> {
    return await this.page.evaluate<Record<string, unknown>[]>('testbedMedia.inboundAudio()');
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/**
 * Opens the page of a site in its own browser context.
 *
 * With a `network`, its media can reach the server only through that. Without one it goes directly.
 */
export async function openRoomPage(of: {
  readonly browser: Pick<Browser, 'newContext'>;
  readonly site: PageSite;
  readonly network?: Pick<BadNetwork, 'udpPort' | 'serverUdpPort'>;
}): Promise<RoomPage> {
  const context = await of.browser.newContext();
  if (of.network) {
    const route = { serverUdpPort: of.network.serverUdpPort, proxyUdpPort: of.network.udpPort };
    await context.addInitScript({ content: `globalThis.testbedRoute = ${JSON.stringify(route)};` });
  }
  await context.addInitScript({ content: await mediaRouteScript() });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`);
  });
  await page.goto(of.site.url);
  await page.waitForFunction('globalThis.fixture !== undefined');
  return new RoomPage(page, errors);
}
