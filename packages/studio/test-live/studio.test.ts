import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { StudioProcess } from '../../../tests/support/studio_process.ts';

let studio: StudioProcess;

beforeAll(async () => {
  studio = await StudioProcess.start();
});

afterAll(() => studio.close());

/** Opens page after page; each says so much, as often as it may. */
async function flood(message: object): Promise<number> {
  const pages = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const page = new WebSocket(`${studio.url.replace('http', 'ws')}studio`);
      await new Promise((resolve) => page.once('open', resolve));
      return page;
    }),
  );
  let sentCount = 0;
  for (const page of pages) {
    for (let sent = 0; sent < 50; sent += 1) page.send(JSON.stringify({ v: 1, ...message }));
    sentCount += 50;
  }
  for (const page of pages) {
    page.close();
    await new Promise((resolve) => page.once('close', resolve));
  }
  return sentCount;
}

async function restarted(): Promise<void> {
  const next = studio.message(({ type }) => type === 'run');
  studio.send({ type: 'restart' });
  await next;
  await studio.fact(({ type, state }) => type === 'agent_state' && state === 'listening');
}

describe('a run of the demo (ST)', () => {
  it('[ST6] a scenario reaches the agent, and the trace holds it from the question to the end of the answer', async () => {
    studio.send({ type: 'scenario', name: 'empty_first' });

    const skipped = await studio.fact(({ type }) => type === 'response_skipped');
    const finished = await studio.fact(({ type }) => type === 'response_playback_finished');

    expect(skipped).toMatchObject({ metadata: { title: 'Nothing' }, reason: 'no_text' });
    expect(finished).toMatchObject({ outcome: 'heard', index: 1 });
    expect(studio.facts.filter(({ type }) => type === 'user_said')).toMatchObject([
      { text: 'Is anyone there?', by: 'typing' },
    ]);
    expect(studio.facts.filter(({ type }) => type === 'task_started')).toHaveLength(1);
  });

  it('[ST6] an interruption cuts, and so does another question', async () => {
    await restarted();
    studio.send({ type: 'ask', text: 'Tell me a long story' });
    const { responseId } = await studio.fact(({ type }) => type === 'response_playback_started');
    studio.send({ type: 'interrupt' });
    const cut = await studio.fact(({ type }) => type === 'response_playback_finished');

    studio.send({ type: 'ask', text: 'Tell me a long story' });
    await studio.fact(
      (fact) => fact.type === 'response_playback_started' && fact['responseId'] !== responseId,
    );
    studio.send({ type: 'scenario', name: 'empty_first' });
    const second = await studio.fact(
      (fact) => fact.type === 'response_playback_finished' && fact['responseId'] !== responseId,
    );

    expect([cut, second]).toMatchObject([{ outcome: 'cut', responseId }, { outcome: 'cut' }]);
  });

  it('[ST6] a new run begins a new trace', async () => {
    const before = studio.info?.run ?? 0;
    await restarted();

    expect(studio.info?.run).toBe(before + 1);
    expect(studio.facts.map(({ type }) => type)).not.toContain('response_declared');
  });

  it('[ST2] a malformed message closes its socket, and the run goes on', async () => {
    const other = new WebSocket(`${studio.url.replace('http', 'ws')}studio`);
    await new Promise((resolve) => other.once('open', resolve));
    other.send('{"v":1,');

    const code = await new Promise((resolve) => other.once('close', resolve));

    expect(code).toBe(1003);
    await restarted();
  });
  it('[ST31] pages that flood it together fill neither its trace nor its queue of restarts', async () => {
    await restarted();
    const before = studio.info?.run ?? 0;
    expect(await flood({ type: 'interrupt' })).toBe(500);
    studio.send({ type: 'truth', responseId: 'no response', soundedAtEpochMs: 1 });
    // What they do together gets at most 5 more a second, so the user may have to ask again.
    await vi.waitFor(
      async () => {
        studio.send({ type: 'scenario', name: 'empty_first' });
        expect(studio.facts.some(({ type }) => type === 'response_skipped')).toBe(true);
      },
      { timeout: 60_000, interval: 1000 },
    );
    // Of 500. A machine that stands still for a while lets some more through.
    const interruptions = studio.facts.filter(({ type }) => type === 'user_interrupted');
    expect(interruptions.length).toBeLessThan(250);
    expect(studio.facts.filter(({ type }) => type === 'listener_truth')).toEqual([]);

    await flood({ type: 'restart' });
    await vi.waitFor(() => expect(studio.info?.run).toBeGreaterThan(before), { timeout: 60_000 });
    await restarted();
    expect((studio.info?.run ?? 0) - before).toBeLessThan(30);
  });
});
