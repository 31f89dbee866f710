// Tests for SPEC.md, AU20: what goes on at an interruption before its report comes, or if it never comes.
import { ManualClock } from '@oncue/core/testing';
import { expect, it } from 'vitest';
import { SocketListener } from '../../src/index.ts';
import { synchronize } from '../support/captions.ts';
import { FakePage } from '../support/fake_page.ts';
import { type Answer, ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';
import { ToneTTS } from '../support/tone_tts.ts';

const RATE_HZ = 16_000;
/** Longer than anything else in these tests takes. */
const WAIT_MS = 5000;
/** Words of 100 ms each. */
const SAID = 'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu. ';

interface Interrupted {
  readonly run: SessionRun;
  readonly page: FakePage;
  readonly captions: string[];
  readonly responseId: string;
}

/** A model that takes longer than a test. */
const slow: Answer = async function* () {
  await new Promise(() => {});
  yield 'never';
};

/** A page that has reported the first word of an answer, which is interrupted 300 ms later. */
async function interrupted(
  answersPings: boolean,
  next: Answer = texts('later. '),
): Promise<Interrupted> {
  const clock = new ManualClock();
  const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
  const captions: string[] = [];
  const run = await startSession({
    agent: new ScriptedAgent(texts(SAID), next),
    tts: new ToneTTS(),
    clock,
    attach: { listener, timeline: { cutReportTimeoutMs: WAIT_MS } },
    beforeStart: (session) =>
      synchronize(session, (chunk) =>
        captions.push(typeof chunk === 'string' ? chunk : chunk.text),
      ),
  });
  const page = new FakePage(() => clock.nowMs());
  listener.attachSocket(page);
  page.hello();
  await run.pass(3000);
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.until(() => run.unfinishedSegments > 0);
  await run.pass(130);
  const responseId = run.of('response_declared')[0]?.responseId ?? '';
  page.report(responseId, RATE_HZ / 10);
  page.answersPings = answersPings;
  await run.pass(300);
  handle.interrupt();
  return { run, page, captions, responseId };
}

it('[AU20] the state does not wait for the report of the cut', async () => {
  const { run } = await interrupted(true);
  expect(run.stateNames.at(-1)).toBe('speaking');

  await run.pass(500);

  expect(run.finished).toEqual([]);
  expect(run.stateNames.at(-1)).toBe('listening');
});

it('[AU20] the captions stop with the sound, and show the rest of what was heard when that is known', async () => {
  const { run, page, captions, responseId } = await interrupted(true);
  await run.pass(100);
  const shown = captions.join('');

  await run.pass(1000);
  expect(captions.join('')).toBe(shown);
  expect(shown).not.toContain('eta theta');

  page.report(responseId, (RATE_HZ * 7) / 10, 'cut');
  await run.pass(100);
  expect(captions.join('').trim()).toBe('alpha beta gamma delta epsilon zeta eta');
});

it('[AU20] captions go on where the cut came after the last word', async () => {
  const { run, page, captions, responseId } = await interrupted(true);
  await run.pass(1000);

  page.report(responseId, RATE_HZ * 1.2, 'ended');
  await run.pass(3000);

  expect(captions.join('').trim()).toBe(SAID.trim());
});

it('[AU20] a page that stops answering is not waited for', async () => {
  const { run } = await interrupted(false);
  const nextAnswer = run.session.generateReply({ userInput: 'and?' });

  await run.pass(700);

  expect(run.chat[0]).toMatchObject({ interrupted: true });
  expect(run.ends).toHaveLength(1);
  expect(nextAnswer.done()).toBe(false);
  expect(run.unfinishedSegments).toBe(1);
});

it('[AU20] nothing is set once the next answer is heard', async () => {
  const { run, page, responseId } = await interrupted(true);
  page.report(responseId, (RATE_HZ * 4) / 10, 'cut');
  run.session.generateReply({ userInput: 'and?' });
  await run.until(() => run.of('response_declared').length === 2 && run.unfinishedSegments === 1);
  await run.pass(20);
  page.report(run.of('response_declared')[1]?.responseId ?? '', 1);

  await run.pass(60);

  expect(run.stateNames.at(-1)).toBe('speaking');
});

it('[AU20] an interruption of what nobody is known to hear leaves no state of "thinking"', async () => {
  const clock = new ManualClock();
  const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
  const agent = new ScriptedAgent(texts('alpha. '));
  const run = await startSession({ agent, tts: new ToneTTS(), clock, attach: { listener } });
  const page = new FakePage(() => clock.nowMs());
  listener.attachSocket(page);
  page.hello();
  await run.pass(3000);
  page.answersPings = false;
  run.session.generateReply({ userInput: 'hi' });
  const said = run.session.say('beta. ');
  await run.until(() => run.chat.length === 1 && run.unfinishedSegments === 2);
  expect(run.stateNames.at(-1)).toBe('thinking');

  said.interrupt();
  await run.pass(500);

  expect(run.stateNames.at(-1)).toBe('listening');
});

it('[AU20] the "thinking" of the next answer stays', async () => {
  const { run } = await interrupted(false, slow);
  run.session.generateReply({ userInput: 'and?' });
  await run.pass(100);
  expect(run.stateNames.at(-1)).toBe('thinking');

  await run.pass(600);

  expect(run.stateNames.at(-1)).toBe('thinking');
});
