// Tests for SPEC.md, AU21: what goes on when nobody reports the end of a response.
import type { voice } from '@livekit/agents';
import { ManualClock } from '@oncue/core/testing';
import { expect, it } from 'vitest';
import { SocketListener } from '../../src/index.ts';
import { synchronize } from '../support/captions.ts';
import { FakePage } from '../support/fake_page.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';
import { ToneTTS } from '../support/tone_tts.ts';

const RATE_HZ = 16_000;
/** Longer than anything else in these tests takes. */
const WAIT_MS = 5000;
/** Four words of 100 ms each. */
const SAID = 'alpha beta gamma delta. ';
const SAID_MS = 400;

interface Asked {
  readonly run: SessionRun;
  readonly page: FakePage;
  /** Of the first answer. */
  readonly responseId: string;
  /** What waits to be said. */
  readonly later: voice.SpeechHandle | undefined;
}

interface AskedHow {
  /** The page has begun to play the answer. */
  readonly begins: boolean;
  /** Something else waits to be said. Default `true`. */
  readonly isFollowed?: boolean;
  readonly show?: (caption: string) => void;
}

/** A question was asked. The page answers pings until the answer begins. */
async function asked({ begins, isFollowed = true, show }: AskedHow): Promise<Asked> {
  const clock = new ManualClock();
  const listener = new SocketListener({ clock, sampleRateHz: RATE_HZ });
  const run = await startSession({
    agent: new ScriptedAgent(texts(SAID)),
    tts: new ToneTTS(),
    clock,
    attach: { listener, timeline: { reportTimeoutMs: WAIT_MS } },
    beforeStart: (session) => {
      if (show)
        synchronize(session, (chunk) => show(typeof chunk === 'string' ? chunk : chunk.text));
    },
  });
  const page = new FakePage(() => clock.nowMs());
  listener.attachSocket(page);
  page.hello();
  await run.pass(3000);
  run.session.generateReply({ userInput: 'hi' });
  const later = isFollowed ? run.session.say('Later. ') : undefined;
  await run.until(() => run.unfinishedSegments > 0);
  const responseId = run.of('response_declared')[0]?.responseId ?? '';
  if (begins) page.report(responseId, 1);
  return { run, page, responseId, later };
}

it('[AU21] the pipeline goes on when all should have sounded, and the listener has not answered for a second', async () => {
  const { run, page } = await asked({ begins: true });
  page.answersPings = false;

  await run.pass(900);
  expect(run.chat).toEqual([]);
  await run.pass(250);

  expect(run.chat).toEqual([{ text: SAID, interrupted: false }]);
  expect(run.of('response_declared')).toHaveLength(2);
  expect(run.unfinishedSegments).toBe(2);
});

it('[AU21] the record stays open: a report that comes later is exact, and the message holds what was heard', async () => {
  const { run, page, responseId } = await asked({ begins: true });
  page.answersPings = false;
  await run.pass(1150);
  expect(run.finished).toEqual([]);

  page.answersPings = true;
  page.report(responseId, (RATE_HZ * SAID_MS) / 1000, 'ended');
  await run.pass(100);

  expect(run.finished).toMatchObject([{ responseId, outcome: 'heard', evidence: 'device' }]);
  expect(run.chat[0]).toEqual({ text: SAID, interrupted: false });
});

it('[AU21] a listener that answers is waited for', async () => {
  const { run } = await asked({ begins: true });

  await run.pass(2000);

  expect(run.chat).toEqual([]);
});

it('[AU21] so is one that answers again within a second', async () => {
  const { run, page } = await asked({ begins: true });
  page.answersPings = false;
  await run.pass(850);

  page.answersPings = true;
  await run.pass(1500);

  expect(run.chat).toEqual([]);
});

it('[AU21] what a page that holds the buffer has not begun, it may play later, if nothing else waits to be said', async () => {
  const { run, page } = await asked({ begins: false, isFollowed: false });
  page.answersPings = false;

  await run.pass(2000);

  expect(run.chat).toEqual([]);
});

it('[AU21] if something else waits, that is said next, and an interruption meets it', async () => {
  const { run, page, later } = await asked({ begins: false });
  page.answersPings = false;
  await run.pass(2000);
  expect(run.chat).toEqual([{ text: SAID, interrupted: false }]);

  run.session.interrupt();

  expect(later?.interrupted).toBe(true);
});

it('[AU21] the page plays both when it is back, and the captions of each begin when it is heard', async () => {
  const shown: string[] = [];
  const { run, page, responseId } = await asked({
    begins: false,
    show: (caption) => shown.push(caption.trim()),
  });
  page.answersPings = false;
  await run.pass(2000);
  const laterId = run.of('response_declared')[1]?.responseId ?? '';
  expect(shown.filter(Boolean)).toEqual([]);

  page.answersPings = true;
  page.report(responseId, 1);
  await run.pass(300);
  expect(shown.filter(Boolean).join(' ')).toMatch(/^alpha/);
  expect(shown).not.toContain('Later.');
  page.report(responseId, (RATE_HZ * SAID_MS) / 1000, 'ended');
  page.report(laterId, 1);
  await run.pass(300);

  expect(shown.filter(Boolean).join(' ')).toBe(`${SAID}Later.`);
});
