import { beta, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { speechHeard } from '../src/after_heard.ts';
import {
  type AfterHeard,
  type AfterHeardOptions,
  attachOncue,
  type HeardResult,
  OutputListener,
  type SpeechHeard,
  type SpokenSpeech,
} from '../src/index.ts';
import { ProbeOutput } from './support/probe_output.ts';
import { ScriptedAgent, texts } from './support/scripted_agent.ts';
import { gate, type SessionRun, scripted, startSession } from './support/session_harness.ts';
import { ToneTTS } from './support/tone_tts.ts';

interface Call {
  readonly ran: { readonly heard: SpeechHeard; readonly atMs: number }[];
  readonly results: AfterHeard[];
}

/** Asks for a note after a speech. */
function noteAfter(run: SessionRun, speech: SpokenSpeech, options: AfterHeardOptions = {}): Call {
  const call: Call = { ran: [], results: [] };
  void run.oncue
    .afterHeard(speech, (heard) => void call.ran.push({ heard, atMs: run.clock.nowMs() }), options)
    .then((result) => call.results.push(result));
  return call;
}

describe('after a speech was heard', () => {
  it('[AH4] the function runs once, after the last sample of its last response', async () => {
    const run = await startSession({ agent: new ScriptedAgent(texts('alpha beta', 'gamma')) });
    const speech = run.session.generateReply({ userInput: 'bye' });
    const call = noteAfter(run, speech);
    await run.over(speech);
    await run.pass(1000);

    expect(call.ran).toHaveLength(1);
    expect(call.ran[0]?.heard).toEqual({ outcome: 'heard', responses: run.finished });
    expect(run.finished).toHaveLength(2);
    expect(call.ran[0]?.atMs).toBeGreaterThanOrEqual(run.soundedAtMs('gamma') + 100);
    expect(call.results).toEqual([{ status: 'ran', heard: call.ran[0]?.heard }]);
  });

  it('[AH4] the end of another speech does not count', async () => {
    const run = await startSession();
    const first = run.session.say('alpha');
    const second = run.session.say('beta gamma');
    const call = noteAfter(run, second);
    await run.over(first);
    expect(run.finished.length).toBeGreaterThan(0);
    expect(call.ran).toEqual([]);

    await run.over(second);
    await run.pass(100);

    expect(call.ran[0]?.heard).toMatchObject({ responses: [{ heardText: 'beta gamma' }] });
  });

  it('[AH4] a speech that is over already counts, and so does one that nobody could hear', async () => {
    const run = await startSession({ agent: new ScriptedAgent(texts('')) });
    const said = run.session.say('alpha');
    await run.over(said);
    const silent = await run.reply();
    const calls = [said, silent].map((speech) => noteAfter(run, speech));
    await run.pass(10);

    expect(calls.map(({ ran }) => ran.map(({ heard }) => heard.outcome))).toEqual([
      ['heard'],
      ['not_heard'],
    ]);
  });

  it('[AH4] a synthesis that failed does not keep the caller on the line', async () => {
    const run = await startSession({
      tts: new ToneTTS({
        onWord: () => {
          throw new Error('no voice');
        },
      }),
    });
    const speech = run.session.say('alpha');
    const call = noteAfter(run, speech);
    await run.over(speech);
    await run.pass(100);

    expect(call.ran).toMatchObject([{ heard: { outcome: 'failed' } }]);
  });

  it('[AH4] a function that fails gives callback_failed, and the promise does not reject', async () => {
    const run = await startSession();
    const speech = run.session.say('alpha');
    const error = new Error('no line');
    const result = run.oncue.afterHeard(speech, () => Promise.reject(error));

    expect(await run.whileTimePasses(result)).toMatchObject({ status: 'failed', error });
    expect(run.of('callback_failed')).toMatchObject([{ during: 'afterHeard', message: 'no line' }]);
  });

  it.each([
    [undefined, () => {}, {}, 'takes a speech'],
    ['speech', 'hangUp', {}, 'takes a function'],
    ['speech', () => {}, { onCut: 'abort' }, "use 'skip' or 'run'"],
    ['speech', () => {}, { timeoutMs: -1 }, 'timeoutMs is -1'],
    ['speech', () => {}, { timeout: 1 }, 'has no option "timeout"'],
    ['speech', () => {}, null, 'an object of options, not null'],
    ['speech', () => {}, 15_000, 'an object of options, not a number'],
  ])('[AH4] a wrong call throws at once: %s, %s, %o', async (of, fn, options, advice) => {
    const run = await startSession();
    const speech = of === undefined ? of : run.session.say('alpha');

    expect(() => run.oncue.afterHeard(speech as never, fn as never, options as never)).toThrow(
      expect.objectContaining({
        code: 'ONCUE_BAD_OPTION',
        message: expect.stringContaining(advice),
      }),
    );
  });
});

describe('after a cut', () => {
  async function cutSpeech(options: AfterHeardOptions): Promise<Call> {
    const run = await startSession({
      agent: new ScriptedAgent(texts('alpha beta gamma', 'delta')),
    });
    const speech = run.session.generateReply({ userInput: 'bye' });
    const call = noteAfter(run, speech, options);
    await run.untilHeard(0, 150);
    speech.interrupt();
    await run.over(speech);
    await run.pass(60_000);
    return call;
  }

  it('[AH5] the function does not run, not even when the time is over', async () => {
    const call = await cutSpeech({ timeoutMs: 20_000 });

    expect(call.ran).toEqual([]);
    expect(call.results).toMatchObject([{ status: 'not_run', heard: { outcome: 'cut' } }]);
  });

  it("[AH5] it runs once with onCut: 'run'", async () => {
    const call = await cutSpeech({ onCut: 'run' });

    expect(call.ran).toHaveLength(1);
    expect(call.results).toMatchObject([{ status: 'ran', heard: { outcome: 'cut' } }]);
  });

  it('[AH5] a speech that is interrupted before it is heard counts as cut', async () => {
    const run = await startSession();
    const speech = run.session.say('alpha');
    const call = noteAfter(run, speech);
    speech.interrupt();
    await run.over(speech);
    await run.pass(100);

    expect(call.results).toMatchObject([{ status: 'not_run', heard: { outcome: 'cut' } }]);
  });

  it('[AH5] the close of the session counts as cut', async () => {
    const run = await startSession();
    const calls = [run.session.say('alpha beta'), run.session.say('gamma')].map((speech) =>
      noteAfter(run, speech),
    );
    await run.untilHeard(0);
    await run.whileTimePasses(run.oncue.close());
    await run.pass(60_000);

    expect(calls.flatMap(({ ran }) => ran)).toEqual([]);
    expect(calls.flatMap(({ results }) => results)).toMatchObject([
      { status: 'not_run', heard: { outcome: 'cut' } },
      { status: 'not_run', heard: { outcome: 'cut' } },
    ]);
  });
});

describe('a wait that ends early', () => {
  it('[AH6] the function runs when the time is over, and not again later', async () => {
    const run = await startSession();
    const speech = run.session.say('alpha beta gamma delta');
    const beganAtMs = run.clock.nowMs();
    const call = noteAfter(run, speech, { timeoutMs: 200 });
    await run.over(speech);
    await run.pass(1000);

    expect(call.ran).toEqual([{ heard: { outcome: 'timed_out' }, atMs: beganAtMs + 200 }]);
  });

  it('[AH6] the default time is 30 s', async () => {
    const { opened } = gate();
    const agent = new ScriptedAgent(async function* () {
      await opened;
      yield 'alpha';
    });
    const run = await startSession({ agent });
    const call = noteAfter(run, run.session.generateReply({ userInput: 'bye' }));
    await run.pass(29_990);
    expect(call.ran).toEqual([]);
    await run.pass(20);

    expect(call.ran).toMatchObject([{ heard: { outcome: 'timed_out' } }]);
  });

  it('[AH6] after the signal aborts, the function never runs', async () => {
    const run = await startSession();
    const speech = run.session.say('alpha');
    const controller = new AbortController();
    const call = noteAfter(run, speech, { signal: controller.signal });
    await run.untilHeard(0);
    controller.abort();
    await run.over(speech);
    await run.pass(1000);

    expect(call.ran).toEqual([]);
    expect(call.results).toEqual([{ status: 'not_run', heard: { outcome: 'aborted' } }]);
  });
});

describe('switched off', () => {
  it("[AH7] afterHeard goes by LiveKit's own word, and heard() does not know", async () => {
    const results: HeardResult[] = [];
    const agent = new ScriptedAgent(async function* (turn) {
      void turn
        .begin()
        .heard()
        .then((result) => results.push(result));
      yield 'alpha';
    });
    const session = new voice.AgentSession({ vad: null, tts: new ToneTTS(), llm: scripted([]) });
    const listener = new OutputListener(new ProbeOutput().playAtOnce());
    const oncue = attachOncue(session, { listener, enabled: false });
    await session.start({ agent });
    const heard: SpeechHeard[] = [];
    const speech = session.generateReply({ userInput: 'hi' });
    const cut = session.say('beta');
    cut.interrupt();
    const calls = [speech, cut].map((one) =>
      oncue.afterHeard(one, (result) => void heard.push(result)),
    );

    expect(await Promise.all(calls)).toEqual([
      { status: 'ran', heard: { outcome: 'not_known' } },
      { status: 'not_run', heard: { outcome: 'cut', responses: [] } },
    ]);
    expect(heard).toEqual([{ outcome: 'not_known' }]);
    expect(results).toEqual([{ outcome: 'not_known' }]);
    await session.close();
  });
});

describe("LiveKit's end_call tool", () => {
  it('[AH8] ends the session after the goodbye was heard', async () => {
    const agent = new voice.Agent({
      instructions: '',
      tools: [beta.createEndCallTool({ deleteRoom: false })],
    });
    const run = await startSession({
      agent,
      script: ({ toolOutputs }) =>
        toolOutputs.length > 0
          ? 'goodbye omega'
          : { type: 'tool_call', name: 'end_call', args: {} },
    });
    const closedAtMs: number[] = [];
    run.session.on(voice.AgentSessionEventTypes.Close, () => closedAtMs.push(run.clock.nowMs()));
    run.session.generateReply({ userInput: 'bye' });
    await run.until(() => closedAtMs.length > 0);

    expect(run.ends).toEqual(['heard: goodbye omega']);
    expect(closedAtMs[0]).toBeGreaterThanOrEqual(run.soundedAtMs('omega') + 100);
  });
});

it.each([
  { reasons: ['not_known', 'no_audio'] as const, outcome: 'not_known' },
  { reasons: ['no_listener', 'muted'] as const, outcome: 'not_heard' },
])('[AU16] responses that were skipped for $reasons: $outcome', ({ reasons, outcome }) => {
  const skipped = reasons.map((reason) => ({ type: 'response_skipped', reason }) as never);
  expect(speechHeard(skipped, false)).toMatchObject({ outcome });
});
