import { initializeLogger } from '@livekit/agents';
import { FliteTTS } from '@oncue/embedded';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { StudioProcess } from '../../../tests/support/studio_process.ts';

initializeLogger({ pretty: false, level: 'silent' });

const TIMEOUT_MS = 60_000;
let studio: StudioProcess;

beforeAll(async () => {
  studio = await StudioProcess.start();
}, TIMEOUT_MS);

afterAll(() => studio.close());

async function restarted(): Promise<void> {
  const next = studio.message(({ type }) => type === 'run');
  studio.send({ type: 'restart' });
  await next;
  await studio.fact(({ type, state }) => type === 'agent_state' && state === 'listening');
}

/** Someone who says this, as the page's microphone sends it: 20 ms a message. */
async function spoken(text: string): Promise<Uint8Array[]> {
  const voice = new FliteTTS({ voice: 'rms' });
  const messages: Uint8Array[] = [];
  for await (const { frame } of voice.synthesize(text)) {
    const bytes = new Uint8Array(frame.data.buffer, frame.data.byteOffset, frame.data.byteLength);
    for (let at = 0; at + 640 <= bytes.length; at += 640) messages.push(bytes.slice(at, at + 640));
  }
  await voice.close();
  return messages;
}

describe('a run of the demo (ST)', () => {
  it(
    '[ST6] a scenario is asked, and told in the trace from the first word to the end',
    async () => {
      studio.send({ type: 'scenario', name: 'empty_first' });

      const skipped = await studio.fact(({ type }) => type === 'response_skipped');
      const finished = await studio.fact(({ type }) => type === 'response_playback_finished');

      expect(skipped).toMatchObject({ metadata: { title: 'Nothing' }, reason: 'no_text' });
      expect(finished).toMatchObject({ outcome: 'heard', index: 1 });
      expect(studio.facts.filter(({ type }) => type === 'user_said')).toMatchObject([
        { text: 'Is anyone there?', by: 'typing' },
      ]);
      expect(studio.facts.filter(({ type }) => type === 'task_started')).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  it(
    '[ST6] an interruption cuts, and so does another question',
    async () => {
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
    },
    TIMEOUT_MS,
  );

  it(
    '[ST6] a new run begins a new trace',
    async () => {
      const before = studio.info?.run ?? 0;
      await restarted();

      expect(studio.info?.run).toBe(before + 1);
      expect(studio.facts.map(({ type }) => type)).not.toContain('response_declared');
    },
    TIMEOUT_MS,
  );

  it(
    '[ST9] a voice interrupts, and is not answered where nobody understands it',
    async () => {
      await restarted();
      studio.send({ type: 'scenario', name: 'story' });
      await studio.fact(({ type }) => type === 'response_playback_started');

      const mic = new WebSocket(`${studio.url.replace('http', 'ws')}mic`);
      await new Promise((resolve) => mic.once('open', resolve));
      for (const message of await spoken('Wait, stop, please stop there.')) mic.send(message);
      const cut = await studio.fact(({ type }) => type === 'response_playback_finished');
      mic.close();
      await studio.fact(
        ({ type, state, atMs }) =>
          type === 'user_state' && state === 'listening' && Number(atMs) > Number(cut['atMs']),
      );

      expect(cut).toMatchObject({ outcome: 'cut', cutBy: 'user' });
      studio.send({ type: 'scenario', name: 'empty_first' });
      await studio.fact(
        ({ type, outcome }) => type === 'response_playback_finished' && outcome === 'heard',
      );
      // With recognition installed the voice is understood, and answered.
      const understood = studio.facts.some(({ by }) => by === 'voice');
      if (!understood)
        expect(studio.facts.filter(({ type }) => type === 'turn_opened')).toHaveLength(2);
    },
    TIMEOUT_MS,
  );

  it(
    '[ST2] what is no message closes its socket, and the run goes on',
    async () => {
      const other = new WebSocket(`${studio.url.replace('http', 'ws')}studio`);
      await new Promise((resolve) => other.once('open', resolve));
      other.send('{"v":1,');

      const code = await new Promise((resolve) => other.once('close', resolve));

      expect(code).toBe(1003);
      await restarted();
    },
    TIMEOUT_MS,
  );
});
