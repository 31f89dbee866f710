import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { StudioProcess } from '../../../tests/support/studio_process.ts';

let studio: StudioProcess;

beforeAll(async () => {
  studio = await StudioProcess.start();
});

afterAll(() => studio.close());

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
});
