// Tests for SPEC.md, AU18: the chat message of an answer that was interrupted while its listener did not answer.
import { ManualClock } from '@oncue/core/testing';
import { describe, expect, it } from 'vitest';
import { SocketListener } from '../../src/index.ts';
import { synchronize } from '../support/captions.ts';
import { FakePage } from '../support/fake_page.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';
import { ToneTTS } from '../support/tone_tts.ts';

const RATE_HZ = 16_000;
/** Words of 100 ms each. */
const FIRST = 'alpha beta gamma delta epsilon zeta. ';
const SECOND = 'eta theta iota kappa. ';

/** A page that was there, answered for three seconds, and then answers nothing; it reports only what the test says. */
async function afterSilence(): Promise<{ readonly run: SessionRun; readonly page: FakePage }> {
  const clock = new ManualClock();
  const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
  const run = await startSession({
    agent: new ScriptedAgent(texts(FIRST, SECOND), texts('later.')),
    tts: new ToneTTS(),
    clock,
    attach: { listener },
    beforeStart: (session) => synchronize(session),
  });
  const page = new FakePage(() => clock.nowMs());
  listener.attachSocket(page);
  page.hello();
  await run.pass(3000);
  page.answersPings = false;
  return { run, page };
}

const idOf = (run: SessionRun): string => run.of('response_declared')[0]?.responseId ?? '';

describe('[AU18] an interruption while the page does not answer', () => {
  it('[AU18] before it reported anything: the message holds the words that had left', async () => {
    const { run } = await afterSilence();
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.unfinishedSegments > 0);
    await run.pass(2500);
    handle.interrupt();
    await run.over(handle);

    expect(run.ends[0]).toBe('skipped: not_known');
    expect(run.started).toEqual([]);
    expect(run.chat).toEqual([
      { text: expect.stringMatching(/^alpha beta gamma/), interrupted: true },
    ]);
  });

  it('[AU18] in the middle: no word that had not left', async () => {
    const { run, page } = await afterSilence();
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.unfinishedSegments > 0);
    await run.pass(130);
    page.report(idOf(run), RATE_HZ / 10);
    page.answersPings = false;
    await run.pass(2300);
    handle.interrupt();
    await run.over(handle);

    expect(run.finished[0]?.heardText).toBe('alpha');
    expect(run.chat[0]?.text).toMatch(/^alpha beta gamma delta/);
  });

  it('[AU18] by force: the message holds them too', async () => {
    const { run } = await afterSilence();
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.until(() => run.unfinishedSegments > 0);
    await run.pass(2500);
    handle.interrupt(true);
    await run.over(handle);
    await run.pass(1000);

    expect(run.chat[0]?.text).toMatch(/^alpha beta gamma/);
  });
});
