import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import { OutputListener, type OutputListenerOptions } from '../../src/index.ts';
import { DyingOutput, type Reports } from '../support/dying_output.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';
import { captureWarnings } from '../support/warnings.ts';

/** Three words of 100 ms each. */
const ANSWER = 'alpha beta gamma';
const NEXT = 'delta epsilon';
/** An end is waited for so long after it was expected. */
const WAIT_MS = 5000;

interface Stage {
  readonly run: SessionRun;
  readonly output: DyingOutput;
}

interface StageOptions {
  readonly reports?: Reports;
  readonly lateMs?: number;
  readonly listener?: OutputListenerOptions;
  readonly reportTimeoutMs?: number;
}

function agent(): ScriptedAgent {
  return new ScriptedAgent(texts(ANSWER), texts(NEXT));
}

async function behindListener(of: StageOptions = {}): Promise<Stage> {
  const clock = new ManualClock();
  const output = new DyingOutput(clock, of);
  const listener = new OutputListener(output, { clock, ...of.listener });
  const { reportTimeoutMs } = of;
  const timeline = reportTimeoutMs === undefined ? {} : { timeline: { reportTimeoutMs } };
  const run = await startSession({ agent: agent(), clock, attach: { listener, ...timeline } });
  return { run, output };
}

async function followed(of: StageOptions = {}): Promise<Stage> {
  captureWarnings();
  const run = await startSession({ agent: agent() });
  const output = new DyingOutput(run.clock, of);
  run.session.output.audio = output;
  return { run, output };
}

const evidences = (run: SessionRun) => run.finished.map(({ evidence }) => evidence);
const tasksOf = (run: SessionRun) => run.of('task_started').length;

/** The two ways in which a session's audio goes to an output of LiveKit. */
describe.each([
  ['an OutputListener', behindListener],
  ['an output set after Oncue was attached', followed],
] as const)('[AU17] %s', (way, begin) => {
  it('[AU17] whose worker dies in the middle of an answer: what it did not report is not heard, and the words stay in the chat', async () => {
    const { run, output } = await begin();
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 150);
    output.die();
    await run.pass(WAIT_MS - 200);
    expect(run.ends).toEqual([]);
    await run.pass(500);

    expect(run.finished).toMatchObject([
      {
        outcome: 'partly_heard',
        heardText: '',
        evidence: 'estimate',
        inaudible: [{ why: 'silent' }],
      },
    ]);
    expect(run.finished[0]?.heardMs).toBeLessThan(1);
    expect(run.finished[0]?.heardTextMaxErrorWords).toBeGreaterThanOrEqual(3);
    // LiveKit itself waits for ever, unless Oncue's output has told it of the end.
    if (way === 'an OutputListener') {
      await run.over(handle);
      expect(run.chat).toEqual([{ text: ANSWER, interrupted: false }]);
    } else expect(handle.done()).toBe(false);
  });

  it('[AU17] whose worker dies, and is replaced after an interruption: the next answer is heard', async () => {
    const { run, output } = await begin();
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 150);
    output.die();
    await run.pass(1000);
    handle.interrupt();
    await run.over(handle);
    output.replace();

    // LiveKit counts the end of the first answer, which never came, and waits for one more end.
    const next = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.finished.length === 2);
    next.interrupt();
    await run.over(next);

    expect(run.finished).toMatchObject([
      { outcome: expect.stringMatching(/cut|partly_heard/), heardText: '' },
      { outcome: 'heard', heardText: NEXT, evidence: 'transport' },
    ]);
    expect(run.finished[0]?.inaudible).toMatchObject([{ why: 'silent' }]);
  });

  it('[AU17] that reports nothing at all: no start, no task, skipped as not known', async () => {
    const { run } = await begin({ reports: 'nothing' });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.pass(WAIT_MS + 1000);

    expect(run.started).toEqual([]);
    expect(tasksOf(run)).toBe(0);
    expect(run.ends).toEqual(['skipped: not_known']);
    if (way === 'an OutputListener') await run.over(handle);
    handle.interrupt();
    await run.over(handle);
  });

  it('[AU17] that reports only ends: the start is computed back from the end, with a bound that reaches back to when the audio was sent', async () => {
    const { run } = await begin({ reports: 'ends' });

    await run.reply();
    await run.reply();

    expect(run.ends).toEqual([`heard: ${ANSWER}`, `heard: ${NEXT}`]);
    expect(evidences(run)).toEqual(['transport', 'transport']);
    for (const [index, { startedAtMs, errorBoundMs, evidence }] of run.started.entries()) {
      const { endedAtMs = 0, sentMs = 0 } = run.finished[index] ?? {};
      expect(evidence).toBe('transport');
      expect(Math.abs(endedAtMs - sentMs - startedAtMs)).toBeLessThan(20);
      expect(errorBoundMs).toBeGreaterThanOrEqual(200);
      expect(errorBoundMs).toBeLessThan(300);
    }
  });

  it('[AU17] that reports only ends: an interruption says what was heard', async () => {
    const { run } = await begin({ reports: 'ends' });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.of('response_declared').length > 0);
    await run.pass(260);
    handle.interrupt();
    await run.over(handle);

    await run.reply();

    expect(run.ends[0]).toMatch(/^cut: alpha/);
    expect(run.ends[1]).toBe(`heard: ${NEXT}`);
    expect(evidences(run)).toEqual(['transport', 'transport']);
  });

  it('[AU17] that reports only starts: what follows the start is not known', async () => {
    const { run } = await begin({ reports: 'starts' });
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.pass(WAIT_MS + 1000);

    expect(run.started).toMatchObject([{ evidence: 'transport' }]);
    expect(run.finished).toMatchObject([{ outcome: 'partly_heard', heardText: '' }]);
    if (way === 'an OutputListener') {
      await run.over(handle);
      await run.reply();
      expect(run.ends[1]).toBe('partly_heard: ');
    }
    handle.interrupt();
    await run.over(handle);
  });

  it('[AU17] that reports an end 2 s late: nothing is estimated, and the report counts', async () => {
    const { run } = await begin({ lateMs: 2000 });

    await run.reply();
    await run.reply();

    expect(run.ends).toEqual([`heard: ${ANSWER}`, `heard: ${NEXT}`]);
    expect(evidences(run)).toEqual(['transport', 'transport']);
    expect(run.finished.map(({ inaudible }) => inaudible)).toEqual([undefined, undefined]);
    expect(run.of('audibility_changed')).toEqual([]);
  });
});

describe('[AU17] an OutputListener', () => {
  it.each([
    { lateMs: 300, reports: 'start_and_end' },
    { lateMs: 1500, reports: 'start_and_end' },
    { lateMs: 300, reports: 'ends' },
    { lateMs: 1500, reports: 'ends' },
  ] as const)(
    '[AU17] that reports an interruption $lateMs ms late ($reports): the report is not taken for that of the next answer',
    async (of) => {
      const { run, output } = await behindListener(of);
      const handle = run.session.generateReply({ userInput: 'hi' });
      await run.until(() => run.of('response_declared').length > 0);
      await run.pass(260);
      handle.interrupt();
      const next = run.session.generateReply({ userInput: 'hi' });
      await run.until(() => run.finished.length === 1);
      output.lateMs = 0;
      await run.over(next);

      expect(run.ends).toEqual([expect.stringMatching(/^cut: alpha/), `heard: ${NEXT}`]);
      expect(evidences(run)).toEqual(['transport', 'transport']);
      expect(run.chat.map(({ text }) => text)).toEqual([expect.stringMatching(/^alpha/), NEXT]);
    },
  );

  it('[TE4] whose output refuses a frame and plays the rest: nobody interrupted, what follows is not known, and the words stay in the chat', async () => {
    const { run, output } = await behindListener();
    captureWarnings();
    const take = output.captureFrame.bind(output);
    let frames = 0;
    output.captureFrame = (frame) => {
      frames += 1;
      return frames === 2 ? Promise.reject(new Error('the worker was busy')) : take(frame);
    };
    await run.reply();

    expect(run.finished).toMatchObject([
      { outcome: 'partly_heard', interrupted: false, inaudible: [{ why: 'silent' }] },
    ]);
    expect(run.chat).toEqual([{ text: ANSWER, interrupted: false }]);
  });

  it('[AU17] with a timeline that waits less for reports: an end that is late is waited for all the same', async () => {
    const { run } = await behindListener({ lateMs: 1000, reportTimeoutMs: 100 });

    await run.reply();

    expect(run.ends).toEqual([`heard: ${ANSWER}`]);
    expect(evidences(run)).toEqual(['transport']);
  });

  it('[AU17] goes on after the worker has died: the answer ends by itself, and the next worker is heard', async () => {
    const { run, output } = await behindListener();
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 150);
    output.die();
    await run.over(handle);
    output.replace();

    await run.reply();

    expect(run.ends).toEqual(['partly_heard: ', `heard: ${NEXT}`]);
    expect(evidences(run)).toEqual(['estimate', 'transport']);
    expect(run.chat.map(({ text }) => text)).toEqual([ANSWER, NEXT]);
  });

  it('[AU17] with an output that by contract reports nothing goes by the estimate', async () => {
    const { run } = await behindListener({
      reports: 'nothing',
      listener: { reports: 'nothing' },
    });

    await run.reply();
    await run.reply();

    expect(run.ends).toEqual([`heard: ${ANSWER}`, `heard: ${NEXT}`]);
    expect(evidences(run)).toEqual(['estimate', 'estimate']);
  });

  it.each([150, 1000])(
    '[AU17] is interrupted %i ms after its worker died: the words stay in the chat as with LiveKit alone',
    async (afterMs) => {
      const { run, output } = await behindListener();
      const handle = run.session.generateReply({ userInput: 'hi' });
      await run.untilHeard(0, 100);
      output.die();
      await run.pass(afterMs);
      handle.interrupt();
      await run.over(handle);

      expect(run.finished).toMatchObject([{ heardText: '', inaudible: [{ why: 'silent' }] }]);
      expect(run.chat.map(({ text }) => text)).toEqual([ANSWER]);
    },
  );

  it('[TE4] whose output refuses all audio of a response: it is skipped as not known, and nothing waits for its report', async () => {
    const { run, output } = await behindListener();
    captureWarnings();
    const take = output.captureFrame;
    output.captureFrame = () => Promise.reject(new Error('the worker left'));
    const sinceMs = run.clock.nowMs();
    await run.reply();
    expect(run.clock.nowMs() - sinceMs).toBeLessThan(1000);
    output.captureFrame = take;

    await run.reply();

    expect(run.ends).toEqual(['skipped: not_known', `heard: ${NEXT}`]);
    expect(run.chat.map(({ text }) => text)).toEqual([ANSWER, NEXT]);
  });
});
