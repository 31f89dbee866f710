import type { voice } from '@livekit/agents';
import { expect, it } from 'vitest';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type SessionRun, startSession } from '../support/session_harness.ts';

const WORDS = texts('alpha beta gamma delta.');

/** What LiveKit calls on a run of an agent when it has heard the user. */
interface Activity {
  interruptByAudioActivity(): void;
  onFinalTranscript(event: object, speaking: boolean): void;
  onEndOfTurn(info: object): Promise<boolean>;
  onInputSpeechStarted(event: object): void;
}

async function speaking(): Promise<{
  readonly run: SessionRun;
  readonly handle: voice.SpeechHandle;
  readonly activity: Activity;
}> {
  const run = await startSession({ agent: new ScriptedAgent(WORDS, WORDS) });
  const handle = run.session.generateReply({ userInput: 'hi' });
  await run.untilHeard(0, 130);
  const { activity } = run.session as unknown as { activity: Activity };
  return { run, handle, activity };
}

function userState(run: SessionRun, state: voice.UserState): void {
  const owner = run.session as unknown as { _updateUserState(state: voice.UserState): void };
  owner._updateUserState(state);
}

const HEARD = { newTranscript: 'wait', transcriptConfidence: 1 };

it("[LK19] the user's voice is the cause, whether or not he still speaks", async () => {
  const { run, handle, activity } = await speaking();

  userState(run, 'listening');
  activity.onInputSpeechStarted({});
  userState(run, 'listening');
  await run.over(handle);

  expect(run.finished).toMatchObject([{ outcome: 'cut', cutBy: 'user_speech' }]);
});

it('[LK19] words that come 300 ms after the user fell silent are his speech', async () => {
  const { run, handle, activity } = await speaking();
  userState(run, 'speaking');
  userState(run, 'listening');
  await run.pass(150);

  await run.whileTimePasses(activity.onEndOfTurn(HEARD));
  await run.over(handle);

  expect(run.finished[0]).toMatchObject({ outcome: 'cut', cutBy: 'user_speech' });
});

it('[LK19] what the answer to the user then interrupts is not his speech', async () => {
  const { run, handle, activity } = await speaking();
  await run.whileTimePasses(activity.onEndOfTurn(HEARD));
  await run.over(handle);
  await run.untilHeard(1, 130);

  run.session.interrupt();
  await run.until(() => run.finished.length === 2);

  expect(run.finished[1]).toMatchObject({ outcome: 'cut', cutBy: 'code' });
});

it.each(['session', 'handle'] as const)(
  '[LK19] a button while the user speaks is code: %s.interrupt()',
  async (which) => {
    const { run, handle } = await speaking();
    userState(run, 'speaking');

    if (which === 'session') run.session.interrupt();
    else handle.interrupt();
    await run.over(handle);

    expect(run.finished).toMatchObject([{ outcome: 'cut', cutBy: 'code' }]);
  },
);

it.each(['before', 'after'] as const)(
  '[LK19] a typed message is user_text: passed on %s the interruption',
  async (when) => {
    const { run, handle } = await speaking();

    if (when === 'before') run.session.generateReply({ userInput: 'wait' });
    run.session.interrupt();
    if (when === 'after') run.session.generateReply({ userInput: 'wait' });
    await run.over(handle);

    expect(run.finished[0]).toMatchObject({ outcome: 'cut', cutBy: 'user_text' });
  },
);

it('[LK19] a reply without words of the user leaves it code', async () => {
  const { run, handle } = await speaking();

  run.session.interrupt();
  run.session.generateReply({ instructions: 'say that again' });
  await run.over(handle);

  expect(run.finished[0]).toMatchObject({ outcome: 'cut', cutBy: 'code' });
});

it('[LK19] a session that is closed, also while the user speaks', async () => {
  const { run } = await speaking();
  userState(run, 'speaking');

  await run.whileTimePasses(run.session.close());

  expect(run.finished).toMatchObject([{ outcome: 'cut', cutBy: 'close' }]);
});

it('[LK19] an agent that LiveKit ends for another', async () => {
  const { run, handle, activity } = await speaking();
  Object.defineProperty(activity, 'schedulingPaused', { value: true });

  // As the task of a speech does when it is aborted (`createSpeechTask` in `voice/agent_activity.ts`).
  handle.interrupt(true);
  await run.over(handle);

  expect(run.finished).toMatchObject([{ outcome: 'cut', cutBy: 'handoff' }]);
});

it('[LK19] a buffer that somebody clears by himself is not known', async () => {
  const { run } = await speaking();

  run.output.clearBuffer();
  await run.until(() => run.finished.length === 1);

  expect(run.finished).toMatchObject([{ outcome: 'cut', cutBy: 'not_known' }]);
});
