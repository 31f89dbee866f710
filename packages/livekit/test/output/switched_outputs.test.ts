import { voice } from '@livekit/agents';
import type { AgentMs } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import { SocketListener } from '../../src/index.ts';
import { FakePage } from '../support/fake_page.ts';
import { PlayingOutput } from '../support/playing_output.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';
import { captureWarnings } from '../support/warnings.ts';

const RATE_HZ = 16_000;
const LONG = 'alpha beta gamma delta epsilon zeta eta theta iota kappa.';

interface WithPages {
  readonly run: SessionRun;
  readonly page: () => FakePage;
}

/** A session for pages, none of which is there yet. */
async function startForPages(first = 'alpha beta.'): Promise<WithPages> {
  captureWarnings();
  onTestFinished(() => void vi.restoreAllMocks());
  const clock = new ManualClock();
  const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
  const agent = new ScriptedAgent(texts(first), texts('gamma delta.'));
  const run = await startSession({ clock, agent, attach: { listener } });
  const page = (): FakePage => {
    const one = new FakePage(() => clock.nowMs());
    listener.attachSocket(one);
    one.hello();
    return one;
  };
  return { run, page };
}

it('[LK17] another output is not held back by pages that are not there', async () => {
  const { run } = await startForPages();
  run.session.output.audio = new PlayingOutput(run.clock);

  await run.reply();

  expect(run.ends).toEqual(['heard: alpha beta.']);
  expect(run.finished[0]?.endedAtMs).toBeCloseTo((run.started[0]?.startedAtMs ?? 0) + 200, -1);
  expect(run.oncue.audibility).toBe('listening');
});

it('[LK17] what another output plays is heard, though the page is muted', async () => {
  const { run, page } = await startForPages();
  const one = page();
  one.say({ type: 'audibility', audibility: 'muted', sinceMs: run.clock.nowMs() as never });
  expect(run.oncue.audibility).toBe('muted');
  run.session.output.audio = new PlayingOutput(run.clock);

  await run.reply();

  expect(run.ends).toEqual(['heard: alpha beta.']);
  expect(run.finished[0]?.inaudible ?? []).toEqual([]);
});

it('[LK26] of a response that began while the page was muted, LiveKit is told when it began to sound', async () => {
  const { run, page } = await startForPages(LONG);
  const one = page();
  const createdAt: number[] = [];
  run.output.on(voice.AudioOutput.EVENT_PLAYBACK_STARTED, (event) =>
    createdAt.push(event.createdAt),
  );
  one.say({ type: 'audibility', audibility: 'muted', sinceMs: run.clock.nowMs() as never });
  const handle = run.session.generateReply({ userInput: 'hi' });
  const saidAtMs = run.clock.nowMs();
  await run.pass(600);
  one.say({ type: 'audibility', audibility: 'listening', sinceMs: run.clock.nowMs() as never });
  const unmutedAtMs = run.clock.nowMs();

  await run.over(handle);

  const [start] = run.started;
  expect(start?.startedAtMs).toBeGreaterThanOrEqual(unmutedAtMs);
  expect(createdAt).toHaveLength(1);
  expect(createdAt[0]).toBeLessThan(run.oncue.toEpochMs((saidAtMs + 300) as AgentMs));
});

it('[LK17] pages that come and go meanwhile change nothing for the other output', async () => {
  const { run, page } = await startForPages();
  const one = page();
  run.session.output.audio = new PlayingOutput(run.clock);
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(0, 50);
  one.close();
  await run.pass(50);
  page().say({ type: 'audibility', audibility: 'muted', sinceMs: run.clock.nowMs() as never });
  await run.over(handle);

  expect(run.ends).toEqual(['heard: alpha beta.']);
  expect(run.of('audibility_changed').at(-1)?.audibility).toBe('listening');
});

it('[LK17] when the output is that of Oncue again, it waits for its own listener again', async () => {
  const { run, page } = await startForPages();
  const { output } = run;
  run.session.output.audio = new PlayingOutput(run.clock);
  await run.reply();
  run.session.output.audio = output;

  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.pass(3000);
  expect(run.oncue.audibility).toBe('nobody');
  expect(run.started, 'nobody is there to hear the second').toHaveLength(1);

  page();
  await run.pass(2000);
  handle.interrupt();
  await run.over(handle);
  expect(run.started).toHaveLength(2);
});

it('[LK17] the path that was learned from another output is forgotten with it', async () => {
  captureWarnings();
  onTestFinished(() => void vi.restoreAllMocks());
  const run = await startSession({ agent: new ScriptedAgent(texts('alpha'), texts('beta')) });
  const pathMs = (): readonly number[] => run.oncue.timeline.state.path.observedMs;
  run.session.output.audio = new PlayingOutput(run.clock, { startsAfterMs: 300 });
  await run.reply();
  expect(pathMs()[0]).toBeGreaterThan(250);
  run.session.output.audio = run.output;

  await run.reply();

  expect(pathMs()).toHaveLength(1);
  expect(pathMs()[0]).toBeLessThan(100);
});
