import { voice } from '@livekit/agents';
import { Timeline, Turn } from '@oncue/core';
import { ManualClock } from '@oncue/core/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Speech } from '../src/agent/speech.ts';
import { FailOpen } from '../src/fail_open.ts';
import { FollowedCaptions } from '../src/livekit_internals/output/followed_captions.ts';
import { ChatCorrection } from '../src/output/chat_correction.ts';
import { Handover } from '../src/output/handover.ts';
import { SessionSpeeches } from '../src/session_speeches.ts';
import { synchronize } from './support/captions.ts';
import { ProbeOutput } from './support/probe_output.ts';
import { ScriptedAgent, texts } from './support/scripted_agent.ts';
import { type SessionRun, startSession } from './support/session_harness.ts';
import { captureWarnings, type Warning } from './support/warnings.ts';

// Each step of Oncue inside LiveKit's pipeline is made to throw.

afterEach(() => {
  vi.restoreAllMocks();
});

interface Fault {
  /** Where Oncue says that it failed. */
  readonly during: string;
  readonly inject: () => void;
}

const boom = (): never => {
  throw new Error('injected');
};

const FAULTS: readonly Fault[] = [
  {
    during: 'opening a turn',
    inject: () => vi.spyOn(Speech.prototype, 'openTurn').mockImplementation(boom),
  },
  {
    during: 'sorting text into responses',
    inject: () => vi.spyOn(Turn.prototype, 'addText').mockImplementation(boom),
  },
  {
    during: 'assigning audio',
    inject: () => vi.spyOn(Speech.prototype, 'takeForAudio').mockImplementation(boom),
  },
  {
    during: 'tagging a frame',
    inject: () => vi.spyOn(Timeline.prototype, 'wordsTimed').mockImplementation(boom),
  },
  {
    during: 'assigning captions',
    inject: () => vi.spyOn(Speech.prototype, 'takeForCaption').mockImplementation(boom),
  },
  {
    during: 'counting audio',
    inject: () => vi.spyOn(Timeline.prototype, 'audioSent').mockImplementation(boom),
  },
  {
    during: 'ending audio',
    inject: () => vi.spyOn(Timeline.prototype, 'audioEnded').mockImplementation(boom),
  },
  {
    during: 'handing over',
    inject: () => vi.spyOn(Handover.prototype, 'review').mockImplementation(boom),
  },
  {
    during: 'reading captions',
    inject: () => vi.spyOn(SessionSpeeches.prototype, 'spokenOf').mockImplementation(boom),
  },
  {
    during: 'correcting a message',
    inject: () => vi.spyOn(ChatCorrection.prototype, 'correct').mockImplementation(boom),
  },
  {
    during: 'ending a speech',
    inject: () => vi.spyOn(Speech.prototype, 'end').mockImplementation(boom),
  },
  {
    during: 'beginning a speech',
    inject: () =>
      vi.spyOn(voice.SpeechHandle.prototype, 'addDoneCallback').mockImplementation(boom),
  },
];

function expectSpoken(run: SessionRun, warnings: readonly Warning[], during: string): void {
  expect(run.soundedAtMs('beta')).toBeGreaterThan(run.soundedAtMs('alpha'));
  expect(run.unfinishedSegments).toBe(0);
  expect(run.errors).toEqual([]);
  expect(warnings.filter((one) => one.during === during)).toEqual([
    expect.objectContaining({
      code: 'ONCUE_FAILED_OPEN',
      message: expect.stringMatching(/The agent goes on/),
    }),
  ]);
}

describe('[LK11] an error inside Oncue never silences the agent', () => {
  it.each(FAULTS)('[LK11] while $during', async ({ during, inject }) => {
    const warnings = captureWarnings();
    const run = await startSession({ agent: new ScriptedAgent(texts('alpha ', 'beta')) });
    inject();

    await run.reply();
    await run.reply();

    expectSpoken(run, warnings, during);
  });

  it('[LK11] while letting the pipeline go on, with captions as in a room', async () => {
    const warnings = captureWarnings();
    let shown = '';
    const run = await startSession({
      agent: new ScriptedAgent(texts('alpha ', 'beta')),
      beforeStart: (session) =>
        void synchronize(session, (chunk) => {
          shown += typeof chunk === 'string' ? chunk : chunk.text;
        }),
    });
    vi.spyOn(FollowedCaptions.prototype, 'beginNext').mockImplementation(boom);

    await run.reply();
    await run.reply();
    await run.pass(1000);

    expectSpoken(run, warnings, 'letting the pipeline go on');
    expect(run.chat.map(({ text }) => text)).toEqual(['alpha beta', 'alpha beta']);
    expect(shown).toBe('alpha betaalpha beta');
  });

  it('[LK11] in a timer, where it would end the process: one warning for each part of Oncue', () => {
    const warnings = captureWarnings();
    const clock = new ManualClock();
    const failOpen = new FailOpen();
    for (const part of ['the output', 'the listener'])
      for (const delayMs of [10, 20]) failOpen.clock(clock, part).schedule(delayMs, boom);

    expect(() => clock.advance(20)).not.toThrow();

    expect(warnings.map(({ during }) => during)).toEqual([
      'running a timer of the output',
      'running a timer of the listener',
    ]);
  });

  it('[LK11] in a timer of the session', async () => {
    const warnings = captureWarnings();
    const run = await startSession({ agent: new ScriptedAgent(texts('alpha ', 'beta')) });
    const { review } = Handover.prototype;
    let isTimer = false;
    const { schedule } = run.clock;
    vi.spyOn(run.clock, 'schedule').mockImplementation((delayMs, then) =>
      schedule.call(run.clock, delayMs, () => {
        isTimer = true;
        then();
        isTimer = false;
      }),
    );
    vi.spyOn(Handover.prototype, 'review').mockImplementation(function (this: Handover) {
      if (isTimer) boom();
      review.call(this);
    });

    await run.reply();
    await run.reply();

    expectSpoken(run, warnings, 'running a timer of the output');
  });

  it('[LK11] with captions that cannot be adapted: those of LiveKit are as they were', () => {
    const session = new voice.AgentSession({ vad: null });
    session.output.audio = new ProbeOutput();
    const captions = synchronize(session);
    Object.preventExtensions(captions.textOutput);
    const segment = captions._impl;
    const before = Object.getOwnPropertyDescriptors(segment);

    expect(() => new FollowedCaptions(captions.audioOutput as never, new FailOpen())).toThrow();

    expect(Object.getOwnPropertyDescriptors(segment)).toEqual(before);
  });

  it('[LK11] with an agent whose nodes cannot be wrapped', async () => {
    const warnings = captureWarnings();
    const agent = new ScriptedAgent(texts('alpha ', 'beta'));
    Object.defineProperty(agent, 'llmNode', { value: agent.llmNode, writable: false });

    const run = await startSession({ agent });
    await run.reply();

    expectSpoken(run, warnings, 'wrapping llmNode');
  });
});

it('[LK11] an interruption that Oncue fails to note ends the turn all the same', async () => {
  const warnings = captureWarnings();
  const run = await startSession({ agent: new ScriptedAgent(texts('alpha beta gamma delta')) });
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(0, 50);
  vi.spyOn(Timeline.prototype, 'cut').mockImplementation(boom);

  handle.interrupt();
  await run.over(handle);
  await run.pass(1000);
  vi.mocked(Timeline.prototype.cut).mockRestore();
  await run.reply();

  expect(warnings.map(({ during }) => during)).toContain('cutting');
  expect(run.ends.at(-1)).toBe('heard: alpha beta gamma delta');
});
