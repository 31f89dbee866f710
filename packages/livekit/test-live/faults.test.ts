// Faults of processes and networks, on a real agent in a process of its own and a page that plays in real time.
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { RunningAgent } from './support/running_agent.ts';
import { TalkingPage } from './support/talking_page.ts';

const SOON = { timeout: 60_000, interval: 20 };
const START = { timeout: 110_000, interval: 100 };
const BOTH_HEARD = ['heard', 'heard'];
/** The tasks' deadline of `close`, as `agent_process.ts` sets it, and what SPEC.md allows beyond it. */
const CLOSE_MS = 500 + 1000;

/** What the clocks of two processes of one machine may differ by, in `performance.timeOrigin`. */
const PROCESS_CLOCKS_MS = 2;

/** Starting an agent takes most of the time, so the tests share one. `standby` takes over when it is killed. */
let agent: RunningAgent;
let standby: RunningAgent;

beforeAll(async () => {
  // The one waits longer than any short fault takes, on a busy machine too; the other hardly waits.
  agent = new RunningAgent(15_000);
  standby = new RunningAgent(3000);
  await vi.waitFor(() => expect([agent.isReady, standby.isReady]).toEqual([true, true]), START);
  agent.tell({ type: 'serve', port: 0 });
  standby.tell({ type: 'serve', port: 0 });
  await vi.waitFor(() => expect([agent.port, standby.port]).not.toContain(undefined), SOON);
}, 120_000);

afterAll(() => {
  agent.close();
  standby.close();
});

function openPage({ port = 0 }: RunningAgent, session = 0): TalkingPage {
  const page = new TalkingPage(port, session);
  onTestFinished(() => page.close());
  return page;
}

/** Nobody listens, and nothing of the test before is still being said. */
async function freshPage(of: RunningAgent): Promise<TalkingPage> {
  await vi.waitFor(() => expect([of.isListenedTo(), of.isQuiet]).toEqual([false, true]), SOON);
  of.facts = [];
  return openPage(of);
}

/** A page, and the agent in the middle of two responses to it. */
async function inMidResponse(of = agent): Promise<TalkingPage> {
  const page = await freshPage(of);
  await vi.waitFor(() => expect(of.isListenedTo()).toBe(true), SOON);
  of.tell({ type: 'ask' });
  await vi.waitFor(
    () => expect(of.of('response_playback_progressed').length).toBeGreaterThan(2),
    SOON,
  );
  expect(of.endings()).toEqual([]);
  return page;
}

const isListening = (of: RunningAgent, session = 0): void => {
  const last = of.facts.findLast((fact) => fact.type === 'state' && fact.session === session);
  expect(last).toMatchObject({ state: 'listening' });
};

/** Both responses started once and ended once, each task ran once, and the agent listens again. */
async function goesOn(of = agent, session = 0): Promise<void> {
  await vi.waitFor(() => expect(of.has('said', session)).toBe(true), SOON);
  await vi.waitFor(() => isListening(of, session), SOON);
  const ids = of.of('response_declared', session).map(({ responseId }) => responseId);
  expect(of.of('response_playback_started', session).map((one) => one.responseId)).toEqual(ids);
  expect(of.endings(session)).toEqual(BOTH_HEARD);
  expect(of.tasks(session)).toEqual(ids);
}

/** Each start lies within its stated bound of the instant at which the page really started. */
function expectTrueStarts(page: TalkingPage, of = agent): void {
  for (const { responseId, startedAtMs, errorBoundMs } of of.of('response_playback_started')) {
    const trueStartMs = page.listener.truthOf(responseId)?.startedAtMs ?? Number.NaN;
    const trueStartEpochMs = performance.timeOrigin + trueStartMs;
    const offByMs = (of.epochAtZeroMs ?? Number.NaN) + startedAtMs - trueStartEpochMs;
    expect(Math.abs(offByMs)).toBeLessThanOrEqual(errorBoundMs + PROCESS_CLOCKS_MS);
  }
}

describe('a fault in mid-response', () => {
  it('[FT1] the server of the sockets is gone for a second: the page hears the rest', async () => {
    await inMidResponse();
    agent.tell({ type: 'server_gone', ms: 1000 });
    await goesOn();
  });

  it('[FT1] the page is reloaded: it hears the rest', async () => {
    const page = await inMidResponse();
    page.reload();
    await goesOn();
  });

  it('[FT1] the page stands still for a second, and for two', async () => {
    const page = await inMidResponse();
    for (const ms of [1000, 2000]) {
      page.listener.sleep();
      await wait(ms);
      page.listener.wake();
      await wait(200);
    }
    await goesOn();
  });

  it('[FT3] the process of the agent stands still for three seconds', async () => {
    await inMidResponse();
    agent.signal('SIGSTOP');
    await wait(3000);
    agent.signal('SIGCONT');
    await goesOn();
  });

  it('[FT3] its event loop is blocked for two seconds', async () => {
    await inMidResponse();
    agent.tell({ type: 'block', ms: 2000 });
    await goesOn();
  });

  it('[FT5] the wall clock of the agent jumps an hour ahead and two back', async () => {
    const page = await inMidResponse();
    agent.tell({ type: 'jump', byMs: 3_600_000 });
    await wait(500);
    agent.tell({ type: 'jump', byMs: -7_200_000 });
    await goesOn();

    expectTrueStarts(page);
  });

  it.each([20_000, -20_000])('[FT5] the clock of the page jumps by %d ms', async (byMs) => {
    const page = await inMidResponse();
    page.jumpClock(byMs);
    await goesOn();

    expectTrueStarts(page);
  });

  it('[FT7] of one of two sessions in a process leaves the other alone', async () => {
    const page = await inMidResponse();
    openPage(agent, 1);
    await vi.waitFor(() => expect(agent.isListenedTo(1)).toBe(true), SOON);
    agent.tell({ type: 'ask', session: 1 });
    await vi.waitFor(() => expect(agent.tasks(1)).toHaveLength(1), SOON);
    page.close();
    await goesOn(agent, 1);
  });
});

describe('a listener that is gone for long', () => {
  it.each([7000, 30_000])('[FT2] %d ms: it hears the next turn', async (ms) => {
    const page = await inMidResponse(standby);
    page.listener.sleep();
    await wait(ms);
    page.listener.wake();
    await vi.waitFor(() => expect(standby.endings()).toHaveLength(2), SOON);
    await vi.waitFor(() => expect(standby.has('said')).toBe(true), SOON);
    const started = standby.of('response_playback_started').map(({ responseId }) => responseId);
    expect(standby.tasks()).toEqual(started);
    await vi.waitFor(() => expect(standby.isListenedTo()).toBe(true), SOON);
    standby.facts = [];
    standby.tell({ type: 'ask' });
    await goesOn(standby);
  });

  it('[FT2] for good: the turn ends, and what was not heard starts no task', async () => {
    const page = await inMidResponse(standby);
    page.close();
    await vi.waitFor(() => expect(standby.has('said')).toBe(true), SOON);

    expect(standby.endings()).toHaveLength(2);
    expect(standby.endings()).not.toEqual(BOTH_HEARD);
    const started = standby.of('response_playback_started').map(({ responseId }) => responseId);
    expect(standby.tasks()).toEqual(started);
  });
});

describe('the end of an agent', () => {
  it('[FT4] the process is killed, and another takes over at its address', async () => {
    const page = await inMidResponse();
    const { port = 0 } = agent;
    agent.signal('SIGKILL');
    standby.facts = [];
    standby.tell({ type: 'serve', port });
    await vi.waitFor(() => expect(standby.isListenedTo()).toBe(true), SOON);
    standby.tell({ type: 'ask' });
    await goesOn(standby);

    // What it says of them is what the page reports, which played to the one before.
    const evidence = standby.of('response_playback_finished').map((end) => end.evidence);
    expect(evidence).toContain('device');
    expect(page.listener.truths().length).toBeGreaterThan(2);
  });

  it('[FT6] the session closes while a task runs', async () => {
    await freshPage(standby);
    await vi.waitFor(() => expect(standby.isListenedTo()).toBe(true), SOON);
    standby.tell({ type: 'ask', longTasks: true });
    await vi.waitFor(() => expect(standby.tasks()).toHaveLength(1), SOON);
    standby.tell({ type: 'close' });
    await vi.waitFor(() => expect(standby.has('closed')).toBe(true), SOON);

    const closed = standby.facts.find((fact) => fact.type === 'closed');
    expect(closed && closed.tookMs - closed.ofThatLateMs).toBeLessThan(CLOSE_MS);
    // LiveKit interrupts what it says before it closes.
    expect(standby.endings()).toEqual(['cut', expect.stringMatching(/^skipped: (cut|closed)$/)]);
    expect(standby.of('task_aborted').map(({ reason }) => reason)).toEqual(['closed']);
  });
});
