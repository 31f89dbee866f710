import { initializeLogger } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { announcementOf, partsFromOpenAi } from '../src/speech/openai_choice.ts';
import { chooseSpeechParts } from '../src/speech/speech_parts.ts';

initializeLogger({ pretty: false, level: 'silent' });

describe('speech parts (ST)', () => {
  it('[ST8] need no key if no key is set', async () => {
    const { capabilities, hasModel } = await chooseSpeechParts({});

    expect(capabilities.map(({ part, using }) => [part, using !== null])).toEqual([
      ['llm', true],
      ['tts', true],
      ['stt', expect.any(Boolean)],
      ['vad', true],
    ]);
    expect(hasModel).toBe(false);
  });

  it('[ST8] include the install command for what is missing', async () => {
    const { capabilities } = await chooseSpeechParts({});
    const missing = capabilities.filter(({ using }) => using === null);

    for (const { command } of missing) expect(command).toMatch(/^npm /);
  });

  it('[ST16] come from an OpenAI-compatible server if that is asked for, and the page gets its address', async () => {
    const url = 'http://127.0.0.1:1/v1';
    const { capabilities, hasModel } = await chooseSpeechParts({
      OPENAI_BASE_URL: url,
      ONCUE_STUDIO_OPENAI: 'all',
      ONCUE_STUDIO_LLM_MODEL: 'small',
    });

    const hosted = capabilities.filter(({ server }) => server === url);
    expect(hosted.map(({ part, using }) => [part, using])).toEqual([
      ['llm', 'small'],
      ['tts', 'default model'],
      ['stt', 'default model'],
    ]);
    expect(hasModel).toBe(true);
  });

  it('[ST20] a key in the shell changes nothing by itself, and the page says so', async () => {
    const { capabilities, hasModel } = await chooseSpeechParts({ OPENAI_API_KEY: 'key' });

    expect(capabilities.every(({ server }) => server === undefined)).toBe(true);
    expect(hasModel).toBe(false);
    expect(capabilities.find(({ part }) => part === 'llm')?.why).toMatch(/not used.*--openai/);
  });

  it.each([
    [{}, undefined],
    [{ OPENAI_API_KEY: 'key' }, /not used.*nothing costs money/],
    [
      { OPENAI_API_KEY: 'key', ONCUE_STUDIO_OPENAI: 'all' },
      /api\.openai\.com\/v1 \(model, voice, recognition\).*may cost money/,
    ],
    [
      { OPENAI_BASE_URL: 'http://localhost:11434/v1', ONCUE_STUDIO_OPENAI: 'llm' },
      /localhost:11434\/v1 \(model\), on this machine/,
    ],
    [
      { OPENAI_BASE_URL: 'https://localhost.example.com/v1', ONCUE_STUDIO_OPENAI: 'llm' },
      /may cost money/,
    ],
    // Only what goes there: a voice gets no question.
    [
      { OPENAI_API_KEY: 'key', ONCUE_STUDIO_OPENAI: 'tts' },
      /^What the agent says goes to https:.*\(voice\)/,
    ],
    [
      { OPENAI_API_KEY: 'key', ONCUE_STUDIO_OPENAI: 'llm,stt' },
      /^The conversation and the sound of your voice go to https:/,
    ],
  ])('[ST20] with %o the terminal says %s', (env, expected) => {
    const said = announcementOf(env);
    if (expected === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(expected);
  });

  it.each([
    [{}, []],
    [{ OPENAI_API_KEY: 'key' }, []],
    [{ OPENAI_API_KEY: '', ONCUE_STUDIO_OPENAI: 'all' }, []],
    [
      { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', ONCUE_STUDIO_OPENAI: 'all' },
      ['llm', 'tts', 'stt'],
    ],
    [{ OPENAI_API_KEY: 'key', ONCUE_STUDIO_OPENAI: 'llm' }, ['llm']],
    [{ OPENAI_API_KEY: 'key', ONCUE_STUDIO_OPENAI: 'tts, llm' }, ['llm', 'tts']],
  ])('[ST16] with %o the server provides %o', (env, parts) => {
    expect(partsFromOpenAi(env)).toEqual(parts);
  });
});
