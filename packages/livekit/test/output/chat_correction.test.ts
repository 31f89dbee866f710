import { llm } from '@livekit/agents';
import type { OncueEvent, ResponseId } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import { ChatCorrection } from '../../src/output/chat_correction.ts';

const A = 'a' as ResponseId;
const B = 'b' as ResponseId;
const PARTS = [
  { response: { id: A }, caption: 'alpha beta ' },
  { response: { id: B }, caption: 'gamma delta' },
] as never;

function committed(text: string): llm.ChatMessage {
  return llm.ChatMessage.create({ role: 'assistant', content: [text], interrupted: true });
}

function finished(responseId: ResponseId, fullText: string, heardText: string): OncueEvent {
  const interrupted = heardText !== fullText;
  return {
    type: 'response_playback_finished',
    responseId,
    fullText,
    heardText,
    interrupted,
  } as unknown as OncueEvent;
}

const skipped = (responseId: ResponseId): OncueEvent =>
  ({ type: 'response_skipped', responseId, reason: 'cut' }) as unknown as OncueEvent;

describe('[LK7] a message that LiveKit makes before it is known what was heard', () => {
  it('[LK7] keeps its text until then, and is right afterwards', () => {
    const truth = new ChatCorrection(() => {});
    const message = committed('alpha beta gamma delta');

    truth.correct(message, { responses: PARTS });
    truth.follow(finished(A, 'alpha beta ', 'alpha beta '));
    expect(message.textContent).toBe('alpha beta gamma delta');
    truth.follow(finished(B, 'gamma delta', 'gamma'));

    expect(message.textContent).toBe('alpha beta gamma');
  });

  it('[LK7] is removed when nothing was heard', () => {
    const unheard: llm.ChatMessage[] = [];
    const truth = new ChatCorrection((message) => unheard.push(message));
    const message = committed('alpha beta gamma delta');

    truth.correct(message, { responses: PARTS });
    truth.follow(skipped(A));
    truth.follow(skipped(B));

    expect(unheard).toEqual([message]);
    expect(message.content).toEqual([]);
  });

  it('[LK7] is left unchanged if the application has changed it meanwhile', () => {
    const truth = new ChatCorrection(() => {});
    const message = committed('alpha beta gamma delta');
    truth.correct(message, { responses: PARTS });
    message.content = ['[redacted]'];

    truth.follow(finished(A, 'alpha beta ', 'alpha'));
    truth.follow(skipped(B));

    expect(message.textContent).toBe('[redacted]');
  });
});
