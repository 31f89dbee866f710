// Tests of the player that rest on Chromium: its flags for autoplay and the microphone, and sockets in a worker that do not wait
// for the page.
import { launchChromium } from '@oncue/testbed';
import { describe, expect, it } from 'vitest';
import { call } from './support/fixture.ts';
import { usePlayerStage, view } from './support/player_stage.ts';
import { RATE_HZ, samples } from './support/test_agent.ts';

const stage = usePlayerStage();

describe('a page that is busy', () => {
  it('[BR15] still plays, reports and obeys', async () => {
    const page = await stage.listeningPage();
    let isBusy = true;
    const busy = call(page, 'beBusy', 6000).finally(() => {
      isBusy = false;
    });

    stage.agent.play('a', samples(0, 500));
    await stage.agent.until('the end of a', stage.ended('a'));
    stage.agent.play('b', samples(0, 5000));
    await stage.agent.until('some of b', () => stage.agent.reportsOf('b').length > 3);
    stage.agent.listener.send({ type: 'clear' });
    await stage.agent.until('the cut', () => stage.agent.reportsOf('b').at(-1)?.phase === 'cut');

    expect(isBusy).toBe(true);
    expect(stage.agent.reportsOf('a').at(-1)?.heardSamples).toBe(RATE_HZ / 2);
    await busy;
    expect((await view(page)).errors).toEqual([]);
  });
});

describe('a browser that allows sound only after a click', () => {
  it('[BR11] sends no hello before the click, shows that it is blocked, and starts at the click', async () => {
    const strict = await launchChromium(['--autoplay-policy=document-user-activation-required']);
    try {
      const page = await strict.newPage();
      const states: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'log') states.push(message.text());
      });
      await page.goto(`${stage.site.url}?alone`);
      await stage.agent.until('blocked', () => states.includes('blocked'));
      expect(stage.agent.count('hello')).toBe(0);

      await page.click('button');
      await stage.agent.until('hello', () => stage.agent.count('hello') === 1);

      stage.agent.play('a', samples(0, 200));
      await stage.agent.until('the end of a', stage.ended('a'));
      expect(states).toEqual(['connecting', 'blocked', 'connecting', 'listening']);
    } finally {
      await strict.close();
    }
  });

  it.each([
    ['denied', ['--use-fake-device-for-media-stream', '--deny-permission-prompts']],
    ['no_device', ['--use-fake-ui-for-media-stream']],
  ])('[BR13] without a microphone the error has the code %s', async (code, flags) => {
    const other = await launchChromium(flags);
    try {
      const page = await stage.openPage(false, other);

      expect(await call(page, 'capture', { frames: 1 })).toEqual({ code });
    } finally {
      await other.close();
    }
  });
});
