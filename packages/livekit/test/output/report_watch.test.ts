import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import { OutputListener } from '../../src/index.ts';
import { DyingOutput } from '../support/dying_output.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';
import { captureWarnings } from '../support/warnings.ts';

/** Three words of 100 ms each. */
const ANSWER = 'alpha beta gamma';
/** Much longer than the answer. LiveKit waits for ever, so no test waits for the speech of a dead output. */
const LONG_MS = 7000;

interface Stage {
  readonly run: SessionRun;
  readonly output: DyingOutput;
}

/** The two ways in which a session's audio goes to an output of LiveKit. */
const WAYS: Readonly<Record<string, (lateMs?: number) => Promise<Stage>>> = {
  'an output set after Oncue was attached': async (lateMs = 0) => {
    captureWarnings();
    const run = await startSession({ agent: agent() });
    const output = new DyingOutput(run.clock, { lateMs });
    run.session.output.audio = output;
    return { run, output };
  },
  'the output of an OutputListener': async (lateMs = 0) => {
    const clock = new ManualClock();
    const output = new DyingOutput(clock, { lateMs });
    const listener = new OutputListener(output, { clock });
    const run = await startSession({ agent: agent(), clock, attach: { listener } });
    return { run, output };
  },
};

function agent(): ScriptedAgent {
  return new ScriptedAgent(texts(ANSWER), texts('delta epsilon'));
}

describe.each(Object.entries(WAYS))('[AU17] %s', (_, begin) => {
  it('[AU17] dies in the middle of an answer: nothing says that it was heard, and after an interruption what it did not report is not heard', async () => {
    const { run, output } = await begin();
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 150);
    output.die();
    await run.pass(LONG_MS);
    expect(run.ends).toEqual([]);
    expect(run.session.agentState).toBe('listening');

    handle.interrupt();
    await run.over(handle);

    expect(run.finished).toMatchObject([
      { heardText: '', inaudible: [{ why: 'silent' }], evidence: 'estimate' },
    ]);
    expect(run.finished[0]?.heardMs).toBeLessThan(1);
  });

  it('[AU17] is dead before an answer: the answer has no start, starts no task and is skipped as not known', async () => {
    const { run, output } = await begin();
    output.die();
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.pass(LONG_MS);

    handle.interrupt();
    await run.over(handle);

    expect(run.started).toEqual([]);
    expect(run.ends).toEqual(['skipped: not_known']);
  });

  it('[AU17] reports an end 3 s late: nothing is estimated, and the report counts', async () => {
    const { run } = await begin(3000);

    await run.reply();

    expect(run.finished).toMatchObject([
      { outcome: 'heard', heardText: ANSWER, evidence: 'transport' },
    ]);
    expect(run.oncue.audibility).toBe('listening');
  });

  it('[AU17] reports nothing for 7 s, and then what it played: that is heard, and so is the next answer', async () => {
    const { run, output } = await begin();
    output.die();
    const first = run.session.generateReply({ userInput: 'hi' });
    await run.pass(LONG_MS);
    output.revive();
    await run.over(first);

    await run.reply();

    expect(run.ends).toEqual([`heard: ${ANSWER}`, 'heard: delta epsilon']);
    expect(run.finished.map(({ evidence }) => evidence)).toEqual(['transport', 'transport']);
  });
});
