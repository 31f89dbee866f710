import { ReadableStream } from 'node:stream/web';
import { type llm, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import {
  type AgentTurn,
  beginChunk,
  markChunk,
  OncueAgent,
  type ResponseMarkReached,
} from '../src/index.ts';
import { type SessionRun, startSession } from './support/session_harness.ts';
import { ToneTTS } from './support/tone_tts.ts';

/** Each mark that was reached: its name, and how long after the start of its response. */
function reached(run: SessionRun): Array<[string, number]> {
  return marksOf(run).map(({ name, responseId, reachedAtMs }) => {
    const start = run.started.find((event) => event.responseId === responseId);
    return [name, Math.round(reachedAtMs - (start?.startedAtMs ?? Number.NaN))];
  });
}

function marksOf(run: SessionRun): readonly ResponseMarkReached[] {
  return run.events.filter((event) => event.type === 'response_mark_reached');
}

class Guide extends OncueAgent {
  readonly tasks: string[] = [];

  constructor() {
    super({ instructions: '' });
  }

  protected override async *respond(turn: AgentTurn): AsyncGenerator<string> {
    turn.begin();
    turn.mark('start');
    yield 'alpha beta ';
    turn.mark('map', { onReached: ({ mark }) => void this.tasks.push(`${mark}`) });
    yield 'gamma';
    turn.mark('end');
    turn.begin();
    yield 'delta ';
    turn.mark('door');
    yield 'omega';
  }
}

describe('marks in an agent', () => {
  // Every word of the voice takes 100 ms.
  it('[MK5] between two yields of a generator: at the word, in the response that is open there', async () => {
    const agent = new Guide();
    const run = await startSession({ agent });
    await run.reply();
    await run.pass(100);

    expect(reached(run)).toEqual([
      ['start', 0],
      ['map', 200],
      ['end', 300],
      ['door', 100],
    ]);
    expect(marksOf(run).map(({ index, place }) => [index, place])).toEqual([
      [0, 'exact'],
      [0, 'exact'],
      [0, 'exact'],
      [1, 'exact'],
    ]);
    expect(agent.tasks).toEqual(['map']);
    expect(run.finished.map(({ heardText }) => heardText.trim()).join(' ')).toBe(
      'alpha beta gamma delta omega',
    );
  });

  it('[MK1][MK5] an interruption before the mark: nothing of it happens', async () => {
    const agent = new Guide();
    const run = await startSession({ agent });
    const speech = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 120);
    speech.interrupt();
    await run.over(speech);
    await run.pass(1000);

    expect(reached(run)).toEqual([['start', 0]]);
    expect(agent.tasks).toEqual([]);
  });

  it('[LK2][MK5] by markChunk in a stream that is filled by hand', async () => {
    const agent = voice.Agent.create({
      instructions: '',
      llmNode: async () =>
        new ReadableStream<llm.ChatChunk | string>({
          start(controller) {
            controller.enqueue(beginChunk());
            controller.enqueue('alpha ');
            controller.enqueue(markChunk('here'));
            controller.enqueue('beta');
            controller.close();
          },
        }),
    });
    const run = await startSession({ agent });
    await run.reply();
    await run.pass(100);

    expect(reached(run)).toEqual([['here', 100]]);
    expect(run.finished.map(({ heardText }) => heardText.trim()).join(' ')).toBe('alpha beta');
  });

  it('[MK5] in what say speaks, by markSpeech', async () => {
    const run = await startSession();
    const speech = run.session.say('alpha beta gamma');
    run.oncue.markSpeech(speech, 'gamma', { textOffset: 'alpha beta '.length });
    run.oncue.markSpeech(speech, 'beta', { textOffset: 'alpha '.length });
    await run.over(speech);
    await run.pass(100);

    expect(reached(run)).toEqual([
      ['beta', 100],
      ['gamma', 200],
    ]);
  });

  it('[MK5] markSpeech with a bad argument throws', async () => {
    const run = await startSession();
    const speech = run.session.say('alpha');
    const bad = expect.objectContaining({ code: 'ONCUE_BAD_OPTION' });
    expect(() => run.oncue.markSpeech({} as never, 'a', { textOffset: 0 })).toThrow(bad);
    expect(() => run.oncue.markSpeech(speech, '', { textOffset: 0 })).toThrow(bad);
    expect(() => run.oncue.markSpeech(speech, 'a', {} as never)).toThrow(bad);
    await run.over(speech);
    expect(marksOf(run)).toEqual([]);
  });

  it('[MK5] markSpeech refuses an answer of the model, and a text that has been read to its end', async () => {
    const run = await startSession({ agent: new Guide() });
    const answer = run.session.generateReply({ userInput: 'hi' });
    expect(() => run.oncue.markSpeech(answer, 'a', { textOffset: 0 })).toThrow(
      expect.objectContaining({
        code: 'ONCUE_BAD_OPTION',
        message: expect.stringContaining('turn.mark()'),
      }),
    );
    await run.over(answer);

    const said = run.session.say('alpha');
    await run.over(said);
    expect(() => run.oncue.markSpeech(said, 'a', { textOffset: 0 })).toThrow(
      expect.objectContaining({
        code: 'ONCUE_TURN_ENDED',
        message: expect.stringContaining('right after say()'),
      }),
    );
  });

  it('[MK2] with a voice that gives no word times a mark is estimated and says so', async () => {
    const run = await startSession({ agent: new Guide(), tts: new ToneTTS({ wordTimes: false }) });
    await run.reply();
    await run.pass(500);

    expect(marksOf(run).map(({ name, place }) => [name, place])).toEqual([
      ['start', 'exact'],
      ['map', 'estimated'],
      ['end', 'estimated'],
      ['door', 'estimated'],
    ]);
  });

  it('[RS10][MK1] without a voice no mark is reached', async () => {
    const run = await startSession({ agent: new Guide(), tts: undefined });
    await run.reply();
    await run.pass(500);

    expect(marksOf(run)).toEqual([]);
  });
});
