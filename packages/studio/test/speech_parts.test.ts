import { initializeLogger } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { chooseSpeechParts, partsFromOpenAi } from '../src/speech/speech_parts.ts';

initializeLogger({ pretty: false, level: 'silent' });

describe('speech parts (ST)', () => {
  it('[ST8] need no key if no key is set', async () => {
    const { capabilities, hasModel } = await chooseSpeechParts({});

    expect(capabilities.map(({ part, using }) => [part, using !== null])).toEqual([
      ['tts', true],
      ['llm', true],
      ['vad', true],
      ['stt', expect.any(Boolean)],
    ]);
    expect(hasModel).toBe(false);
  });

  it('[ST8] include the install command for what is missing', async () => {
    const { capabilities } = await chooseSpeechParts({});
    const missing = capabilities.filter(({ using }) => using === null);

    for (const { command } of missing) expect(command).toMatch(/^npm /);
  });

  it('[ST8] come from an OpenAI-compatible server if its variables are set', async () => {
    const { capabilities, hasModel } = await chooseSpeechParts({
      OPENAI_API_KEY: 'key',
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
    });

    expect(capabilities.filter(({ using }) => using === 'http://127.0.0.1:1/v1')).toHaveLength(3);
    expect(hasModel).toBe(true);
  });

  it.each([
    [{}, []],
    [{ OPENAI_API_KEY: '' }, []],
    [{ OPENAI_API_KEY: 'key' }, ['llm', 'stt', 'tts']],
    [{ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }, ['llm', 'stt', 'tts']],
    [{ OPENAI_API_KEY: 'key', ONCUE_STUDIO_OPENAI: 'llm' }, ['llm']],
    [{ OPENAI_API_KEY: 'key', ONCUE_STUDIO_OPENAI: 'tts, llm' }, ['llm', 'tts']],
  ])('[ST8] with %o the server provides %o', (env, parts) => {
    expect(partsFromOpenAi(env)).toEqual(parts);
  });
});
