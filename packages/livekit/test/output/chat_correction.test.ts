import { llm } from '@livekit/agents';
import type { Inaudible, ResponseId, SkipReason } from '@oncue/core';
import type { Outcome, PerhapsHeard } from '@oncue/core/internal';
import { describe, expect, it } from 'vitest';
import type { Speech } from '../../src/agent/speech.ts';
import { ChatCorrection } from '../../src/output/chat_correction.ts';

const A = 'a' as ResponseId;
const B = 'b' as ResponseId;
const PARTS = [
  { response: { id: A }, caption: 'alpha beta ', isVoiced: true },
  { response: { id: B }, caption: 'gamma delta', isVoiced: true },
] as never;

/** A speech of two responses, and the correction that follows it. */
class CorrectedSpeech {
  readonly speech: Pick<Speech, 'responses' | 'outcomes' | 'transcripts' | 'perhapsHeard'> = {
    responses: PARTS,
    outcomes: new Map(),
    transcripts: new Map(),
    perhapsHeard: new Map(),
  };
  readonly unheard: llm.ChatMessage[] = [];
  /** `before → after`, for each correction that was told. */
  readonly corrections: string[] = [];
  /** How what still sounds ends at the most. */
  latest: readonly Outcome[] = [];
  readonly correction: ChatCorrection = new ChatCorrection({
    nothingHeard: (message) => this.unheard.push(message),
    corrected: ({ before, text }) => this.corrections.push(`${before} → ${text}`),
    latestOutcomes: () => this.latest.map((outcome) => ({ outcome, perhaps: undefined })),
  });

  /** LiveKit makes a message. */
  commit(text: string, interrupted: boolean = true): llm.ChatMessage {
    const message = llm.ChatMessage.create({ role: 'assistant', content: [text], interrupted });
    this.correction.correct(message, this.speech);
    return message;
  }

  finish(responseId: ResponseId, fullText: string, heardText: string): void {
    this.#end(endOf(responseId, fullText, heardText));
  }

  skip(responseId: ResponseId, reason: SkipReason): void {
    this.#end({ type: 'response_skipped', responseId, reason } as unknown as Outcome);
  }

  /** Nobody could hear it. */
  playUnheard(responseId: ResponseId, why: Inaudible): void {
    const reason = why === 'muted' ? 'muted' : 'no_listener';
    const inaudible = [{ why, fromMs: 0, toMs: 100 }];
    this.#end({ type: 'response_skipped', responseId, reason, inaudible } as unknown as Outcome);
  }

  /** Its listener did not answer, so nothing of it is known; this may have been heard. */
  perhaps(responseId: ResponseId, fullText: string, heardText: string): void {
    const isWhole = fullText === heardText;
    this.speech.perhapsHeard.set(responseId, { fullText, heardText, isWhole } as PerhapsHeard);
    this.playUnheard(responseId, 'silent');
  }

  #end(outcome: Outcome): void {
    this.speech.outcomes.set(outcome.responseId, outcome);
    this.correction.follow(outcome);
  }
}

function endOf(responseId: ResponseId, fullText: string, heardText: string): Outcome {
  const outcome = heardText === fullText ? 'heard' : 'cut';
  const type = 'response_playback_finished';
  return { type, responseId, fullText, heardText, outcome } as unknown as Outcome;
}

it('[LK7] the answer to a tool, which the same speech says next, does not get into the message before it', () => {
  const before = new CorrectedSpeech();
  const [first, second] = PARTS as unknown[];
  before.speech.responses = [first] as never;
  const message = before.commit('alpha beta ', false);
  // The turn that answers the tool.
  before.speech.responses = [second] as never;

  before.finish(A, 'alpha beta ', 'alpha');
  before.finish(B, 'gamma delta', 'gamma delta');

  expect(message.textContent).toBe('alpha');
});

describe('[LK7] a message that LiveKit makes before it is known what was heard', () => {
  it.each([
    ['not_known', 'alpha beta gamma delta'],
    ['no_listener', 'alpha beta '],
  ] as const)(
    '[LK7] of a response that was skipped as "%s" it holds in the end "%s"',
    (reason, text) => {
      const stage = new CorrectedSpeech();
      const message = stage.commit('alpha beta gamma delta');
      stage.finish(A, 'alpha beta ', 'alpha beta ');
      stage.skip(B, reason);

      expect(message.textContent).toBe(text);
    },
  );

  it('[LK7] keeps its text until then, and is right afterwards', () => {
    const stage = new CorrectedSpeech();
    const message = stage.commit('alpha beta gamma delta');

    stage.finish(A, 'alpha beta ', 'alpha beta ');
    expect(message.textContent).toBe('alpha beta gamma delta');
    stage.finish(B, 'gamma delta', 'gamma');

    expect(message.textContent).toBe('alpha beta gamma');
  });

  it('[LK7] holds what can have been heard until then', () => {
    const stage = new CorrectedSpeech();
    stage.finish(A, 'alpha beta ', 'alpha beta ');
    stage.latest = [endOf(B, 'gamma delta', '')];

    const message = stage.commit('alpha beta gamma delta');

    expect(message.textContent).toBe('alpha beta ');
    stage.finish(B, 'gamma delta', 'gamma');
    expect(message.textContent).toBe('alpha beta gamma');
  });

  it('[LK7] gets the text of LiveKit back when it turns out not to be known', () => {
    const stage = new CorrectedSpeech();
    stage.finish(A, 'alpha beta ', 'alpha beta ');
    stage.latest = [endOf(B, 'gamma delta', '')];

    const message = stage.commit('alpha beta gamma delta');
    stage.playUnheard(B, 'silent');

    expect(message.textContent).toBe('alpha beta gamma delta');
  });

  it('[LK7] is taken back when nothing was heard', () => {
    const stage = new CorrectedSpeech();
    const message = stage.commit('alpha beta gamma delta');

    stage.skip(A, 'cut');
    stage.skip(B, 'cut');

    expect(stage.unheard).toEqual([message]);
    expect(message.content).toEqual(['']);
  });

  it('[LK7] is left alone when somebody has changed it meanwhile', () => {
    const stage = new CorrectedSpeech();
    const message = stage.commit('alpha beta gamma delta');
    message.content = ['[redacted]'];

    stage.finish(A, 'alpha beta ', 'alpha');
    stage.skip(B, 'cut');

    expect(message.textContent).toBe('[redacted]');
  });
});

describe('[LK21] a correction of a message that handlers were given', () => {
  it.each([
    ['to less', 'gamma', ['alpha beta gamma delta → alpha beta gamma']],
    ['to nothing new', 'gamma delta', []],
  ])('[LK21] %s', (_, heard, corrections) => {
    const stage = new CorrectedSpeech();
    stage.commit('alpha beta gamma delta');

    stage.finish(A, 'alpha beta ', 'alpha beta ');
    expect(stage.corrections, 'not before it is known').toEqual([]);
    stage.finish(B, 'gamma delta', heard);

    expect(stage.corrections).toEqual(corrections);
  });

  it('[LK21] says that nothing was heard, and that a word more was', () => {
    const nothing = new CorrectedSpeech();
    nothing.commit('alpha beta gamma delta');
    nothing.skip(A, 'cut');
    nothing.skip(B, 'cut');
    expect(nothing.corrections).toEqual(['alpha beta gamma delta → ']);

    const more = new CorrectedSpeech();
    more.finish(A, 'alpha beta ', 'alpha beta ');
    more.latest = [endOf(B, 'gamma delta', '')];
    more.commit('alpha beta gamma delta');
    more.finish(B, 'gamma delta', 'gamma');
    expect(more.corrections).toEqual(['alpha beta  → alpha beta gamma']);
  });

  it('[LK21] is not told of a message that was right from the start, or that somebody has changed', () => {
    const known = new CorrectedSpeech();
    known.finish(A, 'alpha beta ', 'alpha');
    known.skip(B, 'cut');
    expect(known.commit('alpha beta gamma delta').textContent).toBe('alpha');

    const changed = new CorrectedSpeech();
    changed.commit('alpha beta gamma delta').content = ['[redacted]'];
    changed.finish(A, 'alpha beta ', 'alpha');
    changed.skip(B, 'cut');

    expect([...known.corrections, ...changed.corrections]).toEqual([]);
  });
});

describe('[LK7] a message that was not interrupted', () => {
  it.each<SkipReason>(['no_audio', 'failed'])('[LK7] loses what was skipped: %s', (reason) => {
    const stage = new CorrectedSpeech();
    stage.finish(A, 'alpha beta ', 'alpha beta ');
    stage.skip(B, reason);

    expect(stage.commit('alpha beta gamma delta', false).textContent).toBe('alpha beta ');
  });

  it('[LK7] is right in the words that are known, and keeps those of which it is not known', () => {
    const stage = new CorrectedSpeech();
    stage.finish(A, 'alpha beta ', 'alpha');
    stage.skip(B, 'not_known');
    expect(stage.commit('alpha beta gamma delta', false).textContent).toBe('alpha gamma delta');

    const cut = new CorrectedSpeech();
    cut.skip(A, 'not_known');
    cut.finish(B, 'gamma delta', '');
    expect(cut.commit('alpha beta gamma').textContent).toBe('alpha beta ');
  });

  it('[LK7] stays as it is when it is not known what was heard', () => {
    const stage = new CorrectedSpeech();
    stage.finish(A, 'alpha beta ', 'alpha beta ');
    stage.skip(B, 'not_played');

    expect(stage.commit('alpha beta gamma delta').textContent).toBe('alpha beta gamma delta');
    expect(stage.unheard).toEqual([]);
  });
});

describe('[AU18] a message of which nobody knows what was heard', () => {
  it.each([
    ['all', 'gamma delta', 'alpha beta gamma delta'],
    ['a part', 'gamma', 'alpha beta gamma'],
    ['nothing', '', 'alpha beta '],
  ])('[AU18] keeps what may have been heard of it: %s', (_, heardText, expected) => {
    const stage = new CorrectedSpeech();
    stage.finish(A, 'alpha beta ', 'alpha beta ');
    stage.perhaps(B, 'gamma delta', heardText);

    expect(stage.commit('alpha beta gamma delta').textContent).toBe(expected);
  });

  it('[AU18][LK7] the words of two responses stay apart, as in their captions', () => {
    const stage = new CorrectedSpeech();
    stage.perhaps(A, 'alpha beta ', 'beta');
    stage.perhaps(B, 'gamma delta', 'gamma');

    expect(stage.commit('alpha beta gamma delta').textContent).toBe('beta gamma');
  });
});

describe('[AU9] a message of which nobody could hear some', () => {
  it.each([
    ['muted', 'alpha beta '],
    ['nobody', 'alpha beta '],
    ['silent', 'alpha beta gamma delta'],
  ] as const)('[AU9] %s: is corrected only on what is known', (why, expected) => {
    const stage = new CorrectedSpeech();
    stage.finish(A, 'alpha beta ', 'alpha beta ');
    stage.playUnheard(B, why);

    expect(stage.commit('alpha beta gamma delta', false).textContent).toBe(expected);
  });
});
