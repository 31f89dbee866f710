import { initializeLogger } from '@livekit/agents';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type StudioFact, StudioProcess } from '../../../tests/support/studio_process.ts';
import {
  FAKE_ANSWER,
  FAKE_REFUSAL,
  FAKE_TRANSCRIPT,
  FakeOpenAi,
  type FakeRoute,
} from './support/fake_openai.ts';
import { speakInto } from './support/microphone.ts';

initializeLogger({ pretty: false, level: 'silent' });

let server: FakeOpenAi;
let studio: StudioProcess;

beforeAll(async () => {
  server = await FakeOpenAi.start();
  const env = { OPENAI_BASE_URL: server.url, ONCUE_STUDIO_OPENAI: 'all' };
  studio = await StudioProcess.start(undefined, env);
});

afterEach(() => {
  server.missing.clear();
  server.refusing.clear();
});

afterAll(async () => {
  await studio.close();
  server.close();
});

/** Begins a run without facts of the one before. */
async function restarted(): Promise<void> {
  const next = studio.message(({ type }) => type === 'run');
  studio.send({ type: 'restart' });
  await next;
  await studio.fact(({ type, state }) => type === 'agent_state' && state === 'listening');
}

const isHeard = ({ type, outcome }: StudioFact): boolean =>
  type === 'response_playback_finished' && outcome === 'heard';
const isFailure = ({ type }: StudioFact): boolean => type === 'part_failed';

it('[ST16] model, voice and recognition come from a server that knows only the plain requests', async () => {
  await restarted();
  (await speakInto(studio.url, 'Hello, when does the museum open?'))();
  const said = await studio.fact(({ type }) => type === 'user_said');
  const heard = await studio.fact(isHeard);

  expect(said).toMatchObject({ text: FAKE_TRANSCRIPT, by: 'voice' });
  expect(heard).toMatchObject({ heardText: FAKE_ANSWER });
  expect(new Set(server.asked)).toEqual(
    new Set(['audio/transcriptions', 'chat/completions', 'audio/speech']),
  );
  expect(studio.facts.filter(isFailure)).toEqual([]);
});

it('[ST17] after a recognition that the server does not have, a typed question is answered', async () => {
  server.missing.add('audio/transcriptions');
  await restarted();
  (await speakInto(studio.url, 'Hello, when does the museum open?'))();
  const failure = await studio.fact(isFailure);

  expect(failure).toMatchObject({ part: 'stt_error' });
  expect(failure['message']).toMatch(
    /cannot understand speech.*ONCUE_STUDIO_STT_MODEL.*ONCUE_STUDIO_OPENAI=llm,tts/,
  );
  studio.send({ type: 'ask', text: 'When does it open?' });
  expect(await studio.fact(isHeard)).toMatchObject({ heardText: FAKE_ANSWER });
  expect(studio.info?.error).toBeNull();
});

it('[ST17] however often the voice fails, the session goes on', async () => {
  server.missing.add('audio/speech');
  await restarted();
  for (let count = 1; count <= 5; count += 1) {
    studio.send({ type: 'ask', text: `Question ${count}` });
    await studio.fact(() => studio.facts.filter(isFailure).length >= count);
  }
  const [failure] = studio.facts.filter(isFailure);
  expect(failure?.['message']).toMatch(/cannot speak.*ONCUE_STUDIO_OPENAI=llm,stt/);

  server.missing.clear();
  studio.send({ type: 'ask', text: 'When does it open?' });
  expect(await studio.fact(isHeard)).toMatchObject({ heardText: FAKE_ANSWER });
});

it('[ST17] a model that the server does not have is named, and the session goes on', async () => {
  server.missing.add('chat/completions');
  await restarted();
  studio.send({ type: 'ask', text: 'When does it open?' });
  const failure = await studio.fact(isFailure);

  expect(failure['message']).toMatch(/cannot answer as a model.*ONCUE_STUDIO_LLM_MODEL/);
  server.missing.clear();
  studio.send({ type: 'ask', text: 'When does it open?' });
  expect(await studio.fact(isHeard)).toMatchObject({ heardText: FAKE_ANSWER });
});

it.each<FakeRoute>(['audio/speech', 'chat/completions'])(
  '[ST17] a key that %s refuses is told in words, not as the JSON of the answer',
  async (route) => {
    server.refusing.add(route);
    await restarted();
    studio.send({ type: 'ask', text: 'When does it open?' });
    const failure = await studio.fact(isFailure);

    expect(failure['message']).toMatch(
      /refuses the key \(401\)\. Check OPENAI_API_KEY\. It said: /,
    );
    expect(failure['message']).toContain(FAKE_REFUSAL);
    expect(failure['message']).not.toMatch(/[{}"]/);
  },
);
