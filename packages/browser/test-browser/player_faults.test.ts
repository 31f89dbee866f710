// Faults of pages and of the network to a local server: the real player in Chromium, and a real session.
import { setTimeout as wait } from 'node:timers/promises';
import { launchBackgroundBrowser, networkSeed } from '@oncue/testbed';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import {
  expectOnlyConfirmed,
  goesOn,
  isHeardAgain,
  SOON,
  turnEnds,
} from '../test-room/support/after_faults.ts';
import { expectWentOn, faultOf } from '../test-room/support/going_on.ts';
import { ranMs } from '../test-room/support/own_process.ts';
import {
  CLOSE_MS,
  Conversation,
  expectAllHeard,
  STORY,
  useFaultStage,
} from './support/fault_stage.ts';
import { call } from './support/fixture.ts';

const LONG = { timeout: 180_000 };
/** Longer than a short fault lasts, on a busy machine too. */
const WAITS_LONG = { awayAfterMs: 25_000 };
const HARDLY_WAITS = { awayAfterMs: 2000 };

useFaultStage();

/** `close` waits no longer than it says for a task that never ends. */
async function closesInTime({ agent }: Conversation): Promise<void> {
  agent.taskEnds = new Promise(() => {});
  const before = agent.tasks.length;
  agent.ask([STORY]);
  await vi.waitFor(() => expect(agent.tasks).toHaveLength(before + 1), SOON);
  expect(await ranMs(() => agent.oncue.close())).toBeLessThan(CLOSE_MS);
  expect(agent.of('task_aborted').map(({ reason }) => reason)).toEqual(['closed']);
}

/** The network is away in mid-response, shorter than playout would wait. */
async function loseNetworkFor(ms: number, context: TestContext) {
  const place = await Conversation.open(context, WAITS_LONG);
  await place.openPage();
  const { said } = await place.inMidResponse();
  const fault = await faultOf(async () => {
    place.network.outage(ms);
    await wait(ms);
  });
  await said;
  return { agent: place.agent, figure: await goesOn(place.agent, fault) };
}

// The suites run side by side: most of the time each of them waits for the voice to speak.
describe.concurrent('a page whose network', () => {
  it.sequential('[FT14] is away for 30 s', LONG, async (context) => {
    const place = await Conversation.open(context, HARDLY_WAITS);
    const { agent, network } = place;
    await place.openPage();
    const { said } = await place.inMidResponse();
    const back = wait(30_000);
    const fault = await faultOf(async () => {
      network.outage(30_000);
      await place.untilNobodyListens();
    });
    await said;
    await turnEnds(agent);
    expectOnlyConfirmed(place.agent);
    await context.annotate(expectWentOn(agent.events, fault, agent.awayAfterMs));

    await back;
    await isHeardAgain(agent);
    await closesInTime(place);
  });
});

describe.concurrent('a page that is away until the turn has ended', () => {
  it.sequential('[FT2] because its tab is hidden and frozen', LONG, async (context) => {
    const browser = await launchBackgroundBrowser();
    context.onTestFinished(() => browser.close());
    const place = await Conversation.open(context, { ...HARDLY_WAITS, browser });
    const page = await place.openPage();
    await browser.hide(page);
    const { said } = await place.inMidResponse();
    const fault = await faultOf(async () => {
      await browser.freeze(page);
      await place.untilNobodyListens();
    });
    await said;
    await browser.thaw(page);

    await context.annotate(await goesOn(place.agent, fault));
    expectOnlyConfirmed(place.agent);
  });

  it.sequential('[FT2] because its audio context is suspended', LONG, async (context) => {
    const place = await Conversation.open(context, HARDLY_WAITS);
    const page = await place.openPage();
    const { said } = await place.inMidResponse();
    const fault = await faultOf(async () => {
      await call(page, 'suspend');
      await place.untilNobodyListens();
    });
    await said;
    await call(page, 'resume');

    await context.annotate(await goesOn(place.agent, fault));
    expectOnlyConfirmed(place.agent);
  });

  it.sequential(
    '[FT2] because it is closed, and later another one comes',
    LONG,
    async (context) => {
      const place = await Conversation.open(context, HARDLY_WAITS);
      const page = await place.openPage();
      const { said } = await place.inMidResponse();
      const fault = await faultOf(async () => {
        await page.context().close();
        await place.untilNobodyListens();
      });
      await said;
      await turnEnds(place.agent);
      expectOnlyConfirmed(place.agent);
      await place.openPage();

      await context.annotate(await goesOn(place.agent, fault));
    },
  );

  it.sequential('[FT14] because its network is away for good', LONG, async (context) => {
    const place = await Conversation.open(context, HARDLY_WAITS);
    const { agent, network } = place;
    await place.openPage();
    const { said } = await place.inMidResponse();
    const fault = await faultOf(async () => {
      network.outage(Number.POSITIVE_INFINITY);
      await place.untilNobodyListens();
    });
    await said;
    await turnEnds(agent);
    expectOnlyConfirmed(place.agent);
    await context.annotate(expectWentOn(agent.events, fault, agent.awayAfterMs));

    expect(await ranMs(() => agent.oncue.close())).toBeLessThan(CLOSE_MS);
  });
});

describe.concurrent('a page hears all of it', () => {
  it.sequential('[FT1] though the server was gone for a second', LONG, async (context) => {
    const place = await Conversation.open(context, WAITS_LONG);
    await place.openPage();
    const { said } = await place.inMidResponse();
    const fault = await faultOf(() => place.network.serverGone(1000));
    await said;

    await context.annotate(await goesOn(place.agent, fault));
    expectAllHeard(place.agent);
  });

  it.sequential('[FT1] though it was reloaded', LONG, async (context) => {
    const place = await Conversation.open(context, WAITS_LONG);
    const page = await place.openPage();
    const { said } = await place.inMidResponse();
    const fault = await faultOf(async () => {
      await page.reload();
      await call(page, 'connect', { start: true });
    });
    await said;

    await context.annotate(await goesOn(place.agent, fault));
    expectAllHeard(place.agent);
  });

  it.sequential('[FT1] though its audio context was suspended', LONG, async (context) => {
    const place = await Conversation.open(context, WAITS_LONG);
    const page = await place.openPage();
    const { said } = await place.inMidResponse();
    const fault = await faultOf(async () => {
      await call(page, 'suspend');
      await place.untilNobodyListens();
      await call(page, 'resume');
    });
    await said;

    await context.annotate(await goesOn(place.agent, fault));
    expectAllHeard(place.agent);
  });

  it.sequential(
    '[FT13] though the network lost 3 %, with 60 ms of jitter',
    LONG,
    async (context) => {
      const seed = networkSeed();
      await context.annotate(`the seed of the network: ${seed}`);
      const place = await Conversation.open(context, { ...WAITS_LONG, seed });
      place.network.set('bad');
      await place.openPage();
      await (await place.inMidResponse()).said;

      await turnEnds(place.agent);
      expectAllHeard(place.agent);
    },
  );

  it.sequential('[FT13] though the network was away for a second', LONG, async (context) => {
    const { agent, figure } = await loseNetworkFor(1000, context);

    await context.annotate(figure);
    expectAllHeard(agent);
  });

  it.sequential(
    '[FT13] but what it did not confirm, if it was away for 5 s',
    LONG,
    async (context) => {
      const { agent, figure } = await loseNetworkFor(5000, context);

      await context.annotate(figure);
      expectOnlyConfirmed(agent);
    },
  );
});
