import type { TestPage } from '@oncue/testbed';
import { describe, expect, it } from 'vitest';
import { call } from './support/fixture.ts';
import { stateIs, usePlayerStage, view } from './support/player_stage.ts';
import { RATE_HZ, samples } from './support/test_agent.ts';

const stage = usePlayerStage();

describe('a player in a running AudioContext', () => {
  it('[BR9] reports start, progress and end of each response, in order and exact', async () => {
    const page = await stage.listeningPage();

    stage.agent.play('a', samples(0, 600));
    stage.agent.play('b', samples(20_000, 400));
    await stage.agent.until('the end of b', stage.ended('b'));

    const a = stage.agent.reportsOf('a');
    const b = stage.agent.reportsOf('b');
    expect(a[0]).toMatchObject({ phase: 'playing', evidence: 'device' });
    expect(a[0]?.heardSamples).toBeGreaterThanOrEqual(1);
    expect(a.at(-1)).toMatchObject({ phase: 'ended', heardSamples: 14_400 });
    expect(b.at(-1)).toMatchObject({ phase: 'ended', heardSamples: 9600 });
    for (const reports of [a, b]) {
      const heard = reports.map((report) => report.heardSamples);
      expect(heard).toEqual([...heard].sort((one, two) => one - two));
      expect(reports.length).toBeGreaterThan(4);
      // The first report came ahead of the sound; the start is known best once it sounds.
      const sounding = reports.filter((report) => report.heardSamples > 1);
      expect(new Set(sounding.map((report) => report.startedAtMs)).size).toBe(1);
    }
    // b begins where a ends, unless the output makes a step in between.
    const apartMs = (b[0]?.startedAtMs ?? 0) - (a.at(-1)?.positionAtMs ?? 0);
    expect(Math.abs(apartMs)).toBeLessThan(100);
    expect((await view(page)).errors).toEqual([]);
  });

  it('[BR6] the node outputs every sample of both responses, with 0 samples between them', async () => {
    const page = await stage.listeningPage();
    await call(page, 'record');

    stage.agent.play('a', samples(0, 600));
    stage.agent.play('b', samples(20_000, 400));
    await stage.agent.until('the end of b', stage.ended('b'));

    const recording = await call<number[]>(page, 'recording');
    const first = recording.findIndex((value) => value !== 0);
    const sounding = recording.slice(first, first + RATE_HZ);
    expect(sounding).toEqual([...samples(0, 600), ...samples(20_000, 400)]);
    expect(recording.slice(first + RATE_HZ).every((value) => value === 0)).toBe(true);
    expect((await view(page)).stats.underrunCount).toBe(0);
  });

  it('[BR7] a clear is reported with the last sample that left the node', async () => {
    const page = await stage.listeningPage();
    await call(page, 'record');
    stage.agent.play('a', samples(0, 3000));
    await stage.agent.until(
      'some of a',
      () => (stage.agent.reportsOf('a').at(-1)?.heardSamples ?? 0) > 5000,
    );

    stage.agent.listener.send({ type: 'clear' });
    await stage.agent.until('the cut', () => stage.agent.reportsOf('a').at(-1)?.phase === 'cut');

    const heard = stage.agent.reportsOf('a').at(-1)?.heardSamples ?? 0;
    const recording = await call<number[]>(page, 'recording');
    expect(recording.filter((value) => value !== 0)).toEqual([...samples(0, 3000).slice(0, heard)]);
    stage.agent.play('b', samples(9000, 200));
    await stage.agent.until('the end of b', stage.ended('b'));
  });

  it('[BR8] in a pause the playhead stands still, and the rest follows', async () => {
    const page = await stage.listeningPage();
    await call(page, 'record');
    stage.agent.play('a', samples(0, 1000));
    await stage.agent.until('some of a', () => stage.agent.reportsOf('a').length > 3);

    stage.agent.listener.send({ type: 'pause' });
    // A playhead that stands still is reported again after a second.
    const lastTwo = (): number[] =>
      stage.agent
        .reportsOf('a')
        .slice(-2)
        .map(({ heardSamples }) => heardSamples);
    await stage.agent.until('a standstill', () => lastTwo()[0] === lastTwo()[1]);
    const [standing = 0] = lastTwo();
    stage.agent.listener.send({ type: 'resume' });
    await stage.agent.until('the end of a', stage.ended('a'));

    expect(standing).toBeLessThan(RATE_HZ);
    const recording = await call<number[]>(page, 'recording');
    expect(recording.filter((value) => value !== 0)).toEqual([...samples(0, 1000)]);
    expect((await view(page)).stats.underrunCount).toBe(0);
  });

  it('[BR3] a page that reloads in a response gets the rest of it', async () => {
    const page = await stage.listeningPage();
    stage.agent.play('a', samples(0, 3000));
    await stage.agent.until(
      'some of a',
      () => (stage.agent.reportsOf('a').at(-1)?.heardSamples ?? 0) > 9000,
    );

    await page.reload();
    const before = stage.agent.reportsOf('a').at(-1)?.heardSamples ?? 0;
    await call(page, 'connect', { start: true });
    await stage.agent.until('the end of a', stage.ended('a'));

    const reports = stage.agent.reportsOf('a').map((report) => report.heardSamples);
    expect(reports).toEqual([...reports].sort((one, two) => one - two));
    expect(reports.at(-1)).toBe(3 * RATE_HZ);
    expect(reports.some((heard) => heard > before && heard < before + RATE_HZ)).toBe(true);
    expect(stage.agent.count('hello')).toBe(2);
  });

  it('[BR12] a connection that breaks is reconnected, and the response goes on', async () => {
    const page = await stage.listeningPage();
    stage.agent.play('a', samples(0, 2000));
    await stage.agent.until(
      'some of a',
      () => (stage.agent.reportsOf('a').at(-1)?.heardSamples ?? 0) > 5000,
    );

    stage.site.breakSockets();
    await stage.agent.until('the end of a', stage.ended('a'));

    expect(stage.agent.count('hello')).toBe(2);
    // Firefox takes so long to start its audio that the page is away until then.
    const states = (await view(page)).states.filter(
      (state, index) => state !== 'away' || index > 2,
    );
    expect(states).toEqual(['idle', 'connecting', 'listening', 'connecting', 'listening']);
  });

  it('[BR2] a second tab takes over, and the first shows it and stays away', async () => {
    const first = await stage.listeningPage();
    stage.agent.play('a', samples(0, 2500));
    await stage.agent.until('some of a', () => stage.agent.reportsOf('a').length > 3);

    const second = await stage.listeningPage();
    await stage.agent.until('the end of a', stage.ended('a'));

    await stateIs(first, 'replaced');
    await stateIs(second, 'listening');
    await first.evaluate("document.querySelector('button').click()");
    await stateIs(first, 'listening');
    await stateIs(second, 'replaced');
  });

  it('[BR3] a device that stops causes a bye, and a hello when it goes on', async () => {
    const page = await stage.listeningPage();
    stage.agent.play('a', samples(0, 1500));
    await stage.agent.until('some of a', () => stage.agent.reportsOf('a').length > 3);

    await call(page, 'suspend');
    await stage.agent.until('bye', () => stage.agent.count('bye') === 1);
    // The worker sends the bye to the socket, and the new state to the page: the two may arrive in any order.
    await stateIs(page, 'away');
    await call(page, 'resume');
    await stage.agent.until('the end of a', stage.ended('a'));

    expect(stage.agent.count('hello')).toBe(2);
  });

  it('[BR5] the end of the session is final for the page', async () => {
    const page = await stage.listeningPage();

    stage.agent.listener.close();
    await stateIs(page, 'closed');
  });

  it('[BR9] the position for drawing stays close to the reports', async () => {
    const page = await stage.listeningPage();
    stage.agent.play('a', samples(0, 1500));
    await stage.agent.until('some of a', () => stage.agent.reportsOf('a').length > 5);

    const { position } = await view(page);
    const heard = stage.agent.reportsOf('a').at(-1)?.heardSamples ?? 0;

    expect(position?.responseId).toBe('a');
    expect(Math.abs((position?.heardSamples ?? 0) - heard)).toBeLessThan(RATE_HZ / 2);
  });

  it('[BR16] a worker that is missing causes an error that says what to do', async () => {
    const page = await stage.emptyPage();
    await call(page, 'connect', { start: true, workerUrl: 'nowhere.js' });

    await stateIs(page, 'idle');
    await page.waitForFunction('fixture.view().errors.length > 0');
    const [error] = (await view(page)).errors;
    expect(error?.code).toBe('worker_not_started');
    expect(error?.text).toMatch(/nowhere\.js could not be started: serve it/);
    // A click tries again.
    await page.evaluate("document.querySelector('button').click()");
    await page.waitForFunction('fixture.view().errors.length > 1');
  });

  it('[BR16] a worker that the content policy forbids causes the same error', async () => {
    const page = await stage.emptyPage();
    await page.evaluate(`(() => {
      const policy = document.createElement('meta');
      policy.httpEquiv = 'content-security-policy';
      policy.content = "worker-src 'none'";
      document.head.append(policy);
    })()`);
    await call(page, 'connect', { start: true });

    await page.waitForFunction('fixture.view().errors.length > 0');
    const [error] = (await view(page)).errors;
    expect(error?.text).toMatch(/player\.worker\.js could not be started/);
    await stateIs(page, 'idle');
  });

  it('[BR17] a worklet that is missing or fails, and an output that is missing, are errors with a code', async () => {
    const codes = async (page: TestPage, count: number): Promise<string[]> => {
      await page.waitForFunction(`fixture.view().errors.length >= ${count}`);
      await stateIs(page, 'idle');
      return (await view(page)).errors.map(({ code }) => code);
    };
    const unserved = await stage.emptyPage();
    await call(unserved, 'connect', { start: true, workletUrl: 'nowhere.js' });
    expect(await codes(unserved, 1)).toEqual(['worklet_not_loaded']);

    const page = await stage.listeningPage();
    await call(page, 'failWorklet');
    expect(await codes(page, 1)).toEqual(['worklet_failed']);
    await call(page, 'removeOutput');
    await page.evaluate("document.querySelector('button').click()");
    expect(await codes(page, 2)).toEqual(['worklet_failed', 'no_output']);
  });

  it('[BR13] the microphone gives frames of 320 samples', async () => {
    const page = await stage.openPage(false);

    const captured = await call<{ lengths?: number[]; loudest?: number }>(page, 'capture', {
      frames: 60,
    });

    expect(new Set(captured.lengths)).toEqual(new Set([320]));
    expect(captured.loudest).toBeGreaterThan(1000);
  });
});

describe('a browser without a microphone', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'no_device'],
    ['OverconstrainedError', 'no_device'],
    ['NotReadableError', 'in_use'],
    ['AbortError', 'in_use'],
    ['UnknownError', 'failed'],
  ])('[BR13] [BR17] that answers with a %s causes an error with code %s', async (name, code) => {
    const page = await stage.emptyPage();

    expect(await call(page, 'microphoneError', { name })).toEqual({ code, cause: name });
  });

  it.each([
    [{ isSecure: false }, 'insecure_origin'],
    [{ hasWorklets: false }, 'unsupported'],
  ])('[BR13] [BR17] %j causes an error with code %s', async (missing, code) => {
    const page = await stage.emptyPage();

    expect(await call(page, 'microphoneError', { name: '', ...missing })).toMatchObject({ code });
  });
});
