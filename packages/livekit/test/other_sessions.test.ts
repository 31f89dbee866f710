import { voice } from '@livekit/agents';
import { ManualClock } from '@oncue/core/testing';
import { traceOncue } from '@oncue/otel';
import { expect, it } from 'vitest';
import { attachOncue, OutputListener, recordHistory, SocketListener } from '../src/index.ts';
import { PlayingOutput } from './support/playing_output.ts';
import { startSession } from './support/session_harness.ts';

const OF_ANOTHER = expect.objectContaining({
  code: 'ONCUE_BAD_OPTION',
  message: expect.stringMatching(/another session|belong together/),
});

it('[AH9] a speech of another session is refused, before and after it was heard', async () => {
  const first = await startSession();
  const second = await startSession();
  const speech = first.session.say('alpha');
  const calls = [
    () => second.oncue.afterHeard(speech, () => {}),
    () => second.oncue.markSpeech(speech, 'here', { textOffset: 0 }),
  ];

  for (const call of calls) expect(call).toThrow(OF_ANOTHER);
  await first.over(speech);
  for (const call of calls) expect(call).toThrow(OF_ANOTHER);
});

it('[AH9] recordHistory refuses an Oncue and a session that do not belong together', async () => {
  const first = await startSession();
  const second = await startSession();

  expect(() => recordHistory(first.oncue, second.session)).toThrow(OF_ANOTHER);
  expect(recordHistory(first.oncue, first.session).items).toEqual([]);
});

it('[AH9] traceOncue refuses an Oncue and a session that do not belong together', async () => {
  const first = await startSession();
  const second = await startSession();

  expect(() => traceOncue(first.oncue, second.session)).toThrow(OF_ANOTHER);
  traceOncue(first.oncue, first.session)();
});

it('[AH9] a speech of a session without Oncue: LiveKit says when it is over, and a mark has no effect', async () => {
  const run = await startSession();
  const plain = new voice.AgentSession({ vad: null });
  plain.output.audio = new PlayingOutput(run.clock);
  await run.whileTimePasses(plain.start({ agent: new voice.Agent({ instructions: '' }) }));
  const text = new ReadableStream<string>({ start: (controller) => controller.close() });
  const speech = plain.say('', { audio: text as never });
  run.oncue.markSpeech(speech, 'here', { textOffset: 0 });
  const after = run.oncue.afterHeard(speech, () => {});

  expect(await run.whileTimePasses(after)).toMatchObject({
    status: 'ran',
    heard: { outcome: 'not_known' },
  });
  expect(run.of('response_mark_reached')).toEqual([]);
  await run.whileTimePasses(plain.close());
});

it.each([
  ['SocketListener', (clock: ManualClock) => new SocketListener({ clock, sampleRateHz: 16_000 })],
  [
    'OutputListener',
    (clock: ManualClock) => new OutputListener(new PlayingOutput(clock), { clock }),
  ],
])('[LK5] a %s that serves another session is refused', (_name, make) => {
  const clock = new ManualClock();
  const listener = make(clock);
  attachOncue(new voice.AgentSession({ vad: null }), { listener, clock });
  const session = new voice.AgentSession({ vad: null });

  expect(() => attachOncue(session, { listener, clock })).toThrow(
    expect.objectContaining({
      code: 'ONCUE_BAD_OPTION',
      message: expect.stringContaining('serves another session'),
    }),
  );
  expect(session.output.audio).toBeNull();
});

it('[RS12] what the function of afterHeard returns is not used, and TypeScript takes it', async () => {
  const run = await startSession();
  const heard: string[] = [];
  const speech = run.session.say('alpha');
  const after = run.oncue.afterHeard(speech, ({ outcome }) => heard.push(outcome));
  await run.over(speech);

  expect(await run.whileTimePasses(after)).toMatchObject({ status: 'ran' });
  expect(heard).toEqual(['heard']);
});
