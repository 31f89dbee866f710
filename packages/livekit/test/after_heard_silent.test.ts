// Tests for SPEC.md, "After it was heard": a speech of which a response had no audio.
import { TransformStream } from 'node:stream/web';
import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';
import { speechHeard } from '../src/after_heard.ts';
import type { SpokenSpeech } from '../src/index.ts';
import { ScriptedAgent, texts } from './support/scripted_agent.ts';
import { type SessionRun, startSession } from './support/session_harness.ts';

/** Lets no frame through. */
function silence(): TransformStream<AudioFrame, AudioFrame> {
  return new TransformStream({ transform: () => {} });
}

async function outcomeOf(run: SessionRun, speech: SpokenSpeech): Promise<string> {
  const { heard } = await run.whileTimePasses(run.oncue.afterHeard(speech, () => {}));
  return heard.outcome;
}

describe('[AH4] a speech of which a response had no audio', () => {
  it.each([
    ['beta gamma', 'partly_heard'],
    ['...', 'heard'],
    ['<break time="1s"/>', 'heard'],
  ])('[AH4] with the text "%s" is %s', async (text, outcome) => {
    const agent = new ScriptedAgent(texts('alpha', text, 'delta'));
    let calls = 0;
    agent.ttsNode = async (source, settings) => {
      calls += 1;
      const isSilent = calls === 2;
      const audio = await voice.Agent.default.ttsNode(agent, source, settings);
      return (isSilent && audio?.pipeThrough(silence())) || audio;
    };
    const run = await startSession({ agent });
    const speech = await run.reply();

    expect(run.ends).toEqual(['heard: alpha', 'skipped: no_audio', 'heard: delta']);
    expect(await outcomeOf(run, speech)).toBe(outcome);
  });

  it('[AH4] with `say`, whose text comes from its captions, is not heard', async () => {
    const run = await startSession();
    const agent = run.session.currentAgent;
    agent.ttsNode = async (...args) => {
      const audio = await voice.Agent.default.ttsNode(agent, ...args);
      return audio?.pipeThrough(silence()) ?? null;
    };
    const speech = run.session.say('alpha');
    await run.over(speech);

    expect(run.ends).toEqual(['skipped: no_audio']);
    expect(await outcomeOf(run, speech)).toBe('not_heard');
  });
});

it.each([
  ['no_audio', true, 'partly_heard'],
  ['no_audio', false, 'heard'],
  ['not_spoken', true, 'partly_heard'],
  ['not_spoken', false, 'heard'],
  ['no_text', false, 'heard'],
] as const)('[AH4] heard, and skipped for %s, with words: %s: %s', (reason, hasWords, outcome) => {
  const ends = [
    { type: 'response_playback_finished', outcome: 'heard', responseId: 'a' },
    { type: 'response_skipped', reason, responseId: 'b' },
  ] as never;

  expect(
    speechHeard(ends, false, ({ responseId }) => responseId === 'b' && hasWords),
  ).toMatchObject({
    outcome,
  });
});
