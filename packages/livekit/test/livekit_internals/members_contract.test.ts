import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ReadableStream } from 'node:stream/web';
import { pathToFileURL } from 'node:url';
import { type llm, voice } from '@livekit/agents';
import { AudioFrame, ParticipantKind } from '@livekit/rtc-node';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { INTERNAL_FACTS, UNCHECKED_FACTS } from '../../src/livekit_internals/check_internals.ts';
import { isWrapper } from '../../src/livekit_internals/output/audio_chain.ts';
import { publishesForAgent } from '../../src/livekit_internals/output/publishes_for_agent.ts';
import { setIsHeard } from '../../src/livekit_internals/session/agent_state.ts';
import {
  agentTurnContextOf,
  hasAgentTurn,
} from '../../src/livekit_internals/session/agent_turn.ts';
import {
  activityOf,
  isSpeechWaiting,
  isStateOfPast,
} from '../../src/livekit_internals/session/running_activity.ts';
import { endingOf } from '../../src/livekit_internals/session/session_ending.ts';
import { endThinkingSound } from '../../src/livekit_internals/session/thinking_sound.ts';
import { synchronize } from '../support/captions.ts';
import { ProbeOutput } from '../support/probe_output.ts';
import { needsRecorderRuns } from '../support/recorder_runs.ts';
import { scripted } from '../support/session_harness.ts';
import { ThinkingPlayer } from '../support/thinking_player.ts';
import { ToneTTS } from '../support/tone_tts.ts';

// Members of LiveKit's objects that Oncue reads, in plain sessions without Oncue.

const agents = dirname(createRequire(import.meta.url).resolve('@livekit/agents'));
const load = async (file: string): Promise<Record<string, unknown>> =>
  await import(pathToFileURL(join(agents, file)).href);

/** All are closed at the end, side by side: one takes half a second. */
const open: voice.AgentSession[] = [];

afterAll(async () => {
  await Promise.all(open.map((session) => session.close()));
});

async function start(agent: voice.Agent, tts: ToneTTS | undefined): Promise<voice.AgentSession> {
  const voiceOf = tts ? { tts } : {};
  const session = new voice.AgentSession({ vad: null, llm: scripted(() => 'alpha'), ...voiceOf });
  session.output.audio = new ProbeOutput().playAtOnce();
  await session.start({ agent });
  open.push(session);
  return session;
}

describe('[LK8] members of an agent', () => {
  it('[LK8] llmNode, ttsNode, transcriptionNode and realtimeAudioOutputNode of Agent: one that is replaced on an agent is called', async () => {
    const agent = new voice.Agent({ instructions: '' });
    const calls: string[] = [];
    const { llmNode, ttsNode, transcriptionNode } = agent;
    agent.llmNode = (...args) => {
      calls.push('llm');
      return llmNode.apply(agent, args);
    };
    agent.ttsNode = (...args) => {
      calls.push('tts');
      return ttsNode.apply(agent, args);
    };
    agent.transcriptionNode = (...args) => {
      calls.push('captions');
      return transcriptionNode.apply(agent, args);
    };
    const session = await start(agent, new ToneTTS());

    await session.generateReply({ userInput: 'hi' }).waitForPlayout();

    expect(calls.sort()).toEqual(['captions', 'llm', 'tts']);
    expect(agent.realtimeAudioOutputNode).toBeInstanceOf(Function);
  });

  it('[LK8] Agent._chatCtx: a message that is removed from it is not in the next prompt', async () => {
    const prompts: string[][] = [];
    class Listening extends voice.Agent {
      override async llmNode(chatCtx: llm.ChatContext): Promise<ReadableStream<string>> {
        const messages = chatCtx.items.filter((item) => item.type === 'message');
        prompts.push(messages.map(({ textContent }) => textContent ?? ''));
        return ReadableStream.from(['alpha']);
      }
    }
    const agent = new Listening({ instructions: '' });
    const session = await start(agent, new ToneTTS());

    await session.generateReply({ userInput: 'one' }).waitForPlayout();
    await session.generateReply({ userInput: 'two' }).waitForPlayout();
    for (const { id } of agent._chatCtx.items.filter(isAnswer)) agent._chatCtx.remove(id);
    await session.generateReply({ userInput: 'three' }).waitForPlayout();

    expect(prompts[1]).toContain('alpha');
    expect(prompts[2]).toContain('two');
    expect(prompts[2]).not.toContain('alpha');
  });

  it('[LK8] the error "no TTS node" of the default ttsNode: it comes in a session without a voice', async () => {
    const errors: string[] = [];
    class Catching extends voice.Agent {
      override async ttsNode(
        ...[text, settings]: Parameters<voice.Agent['ttsNode']>
      ): ReturnType<voice.Agent['ttsNode']> {
        try {
          return await voice.Agent.default.ttsNode(this, text, settings);
        } catch (error) {
          errors.push(String(error));
          return ReadableStream.from([]) as Awaited<ReturnType<voice.Agent['ttsNode']>>;
        }
      }
    }
    const session = await start(new Catching({ instructions: '' }), undefined);

    await session.generateReply({ userInput: 'hi' }).waitForPlayout();

    expect(errors).toEqual([expect.stringContaining('no TTS node')]);
  });
});

function isAnswer(item: llm.ChatItem): boolean {
  return item.type === 'message' && item.role === 'assistant';
}

it('[LK8] SpeechHandle._agentTurnContext: there from the start, and set when the reply is generated', async () => {
  const session = await start(new voice.Agent({ instructions: '' }), new ToneTTS());
  const contexts: unknown[] = [];
  session.once(voice.AgentSessionEventTypes.SpeechCreated, ({ speechHandle }) => {
    contexts.push(hasAgentTurn(speechHandle), agentTurnContextOf(speechHandle));
  });

  const handle = session.generateReply({ userInput: 'hi' });
  await handle.waitForPlayout();

  expect(contexts).toEqual([true, undefined]);
  expect(agentTurnContextOf(handle)).toHaveProperty('getValue');
});

it('[LK8] AgentSession.activity, Agent._agentActivity: both are the run of the agent', async () => {
  const agent = new voice.Agent({ instructions: '' });
  const session = await start(agent, new ToneTTS());

  expect(activityOf(session)).toHaveProperty('onEndOfTurn');
  expect(agent).toHaveProperty('_agentActivity', activityOf(session));
  expect(session).toHaveProperty('activity', activityOf(session));
});

it('[LK8] AgentActivity.speechQueue, AgentSession.nextActivity: a speech that waits, and a task that begins next, are there', async () => {
  const session = await start(new voice.Agent({ instructions: '' }), new ToneTTS());
  expect(isSpeechWaiting(session)).toBe(false);

  const first = session.say('alpha');
  const second = session.say('beta');
  expect(isSpeechWaiting(session)).toBe(true);
  await Promise.all([first.waitForPlayout(), second.waitForPlayout()]);
  expect(isSpeechWaiting(session)).toBe(false);

  const never = session.say('beta');
  expect(isSpeechWaiting(session)).toBe(true);
  never.interrupt();
  expect(isSpeechWaiting(session)).toBe(false);
  await never.waitForPlayout();

  session.say('gamma', { allowInterruptions: false });
  const begins = session._updateActivity(new voice.Agent({ instructions: '' }));
  for (let turns = 0; turns < 100 && !isSpeechWaiting(session); turns += 1) await Promise.resolve();
  expect(isSpeechWaiting(session)).toBe(true);
  await begins;
  expect(isSpeechWaiting(session)).toBe(false);
});

it('[LK8] AgentSession._closing and AgentActivity.schedulingPaused: say that the session ends', async () => {
  const session = await start(new voice.Agent({ instructions: '' }), new ToneTTS());
  const activity = activityOf(session);
  const before = endingOf(session, activity);

  const closed = session.close();
  const during = endingOf(session, undefined);
  await closed;

  expect([before, during]).toEqual([undefined, 'close']);
  expect(activity).toHaveProperty('schedulingPaused', true);
});

describe('[LK8] the methods that interrupt', () => {
  it('[LK8] AgentActivity.interruptByAudioActivity, cancelSpeechPause, userTurnCompleted, onInputSpeechStarted: are called on the object', async () => {
    const session = await start(new voice.Agent({ instructions: '' }), new ToneTTS());
    const { activity } = session as unknown as { activity: Record<string, unknown> };
    const calls: string[] = [];
    for (const name of ['interruptByAudioActivity', 'cancelSpeechPause', 'userTurnCompleted']) {
      const method = activity[name] as (...args: unknown[]) => unknown;
      activity[name] = (...args: unknown[]) => {
        calls.push(name);
        return method.apply(activity, args);
      };
    }

    await (activity['onEndOfTurn'] as (info: object) => Promise<boolean>).call(activity, {
      newTranscript: 'hi',
      transcriptConfidence: 1,
    });
    await (activity['_userTurnCompletedTask'] as { result: Promise<void> }).result;
    (activity['onFinalTranscript'] as (event: object, speaking: boolean) => void).call(
      activity,
      { alternatives: [{ text: 'hi', language: 'en' }] },
      true,
    );

    expect(new Set(calls)).toContain('userTurnCompleted');
    expect(new Set(calls)).toContain('interruptByAudioActivity');
    expect(activity['onInputSpeechStarted']).toBeInstanceOf(Function);
  });
});

describe('[LK8] members of outputs', () => {
  it('[LK8] AudioOutput.nextInChain: leads from what LiveKit puts before an output to that output', () => {
    const session = new voice.AgentSession({ vad: null });
    const inner = new ProbeOutput();
    session.output.audio = inner;

    const { audioOutput } = synchronize(session);

    expect(audioOutput).toHaveProperty('nextInChain', inner);
    expect(audioOutput.constructor.name).toBe('SyncedAudioOutput');
    expect(isWrapper(audioOutput)).toBe(true);
  });

  it('[LK8] the output of a recording leads to the output that it records', async () => {
    const { RecorderIO } = await load('voice/recorder_io/recorder_io.js');
    const Recorder = RecorderIO as new (
      of: object,
    ) => { recordOutput(output: voice.AudioOutput): object };
    const inner = new ProbeOutput();
    const recorder = new Recorder({ agentSession: new voice.AgentSession({ vad: null }) });

    const recorded = recorder.recordOutput(inner);

    expect(recorded).toHaveProperty('nextInChain', inner);
    expect(isWrapper(recorded)).toBe(true);
  });

  it('[LK8] playbackProgressed: goes up the chain, and the recorder puts the run where it says, in ms', async (context) => {
    needsRecorderRuns(context);
    const { RecorderIO } = await load('voice/recorder_io/recorder_io.js');
    const Recorder = RecorderIO as new (
      of: object,
    ) => {
      recordOutput(output: voice.AudioOutput): voice.AudioOutput;
      enqueue: (item: { readonly startedAt: number; readonly frame: AudioFrame }) => void;
      started: boolean;
    };
    const inner = new ProbeOutput();
    const recorder = new Recorder({ agentSession: new voice.AgentSession({ vad: null }) });
    const placed: unknown[] = [];
    recorder.enqueue = ({ startedAt, frame }) => placed.push([startedAt, ...frame.data]);
    recorder.started = true;
    const outer = recorder.recordOutput(inner);
    const progress = vi.fn();
    outer.on(voice.AudioOutput.EVENT_PLAYBACK_PROGRESSED, progress);
    // One sample a millisecond.
    await outer.captureFrame(new AudioFrame(Int16Array.of(0, 1, 2, 3, 4, 5, 6, 7), 1000, 1, 8));

    inner.onPlaybackProgressed({ startedAt: 1000, offset: 0, duration: 3 });
    inner.onPlaybackProgressed({ startedAt: 5000, offset: 4, duration: 2 });
    outer.flush();
    inner.onPlaybackFinished({ playbackPosition: 0.006, interrupted: true });

    expect(progress).toHaveBeenLastCalledWith({ startedAt: 5000, offset: 4, duration: 2 });
    // The end of a segment places nothing more of it.
    expect(placed).toEqual([
      [1000, 0, 1, 2],
      [5000, 4, 5],
    ]);
  });

  it('[LK8] a fan-out of transcripts keeps its outputs in _sinks', async () => {
    // The name as LiveKit spells it.
    const { ParalellTextOutput } = await load('voice/room_io/_output.js');
    const FanOut = ParalellTextOutput as new (sinks: readonly object[]) => object;
    const sinks = [{ id: 'agent' }, { id: 'legacy' }];

    expect(new FanOut(sinks)).toHaveProperty('_sinks', sinks);
  });
});

describe('[LK8] participants', () => {
  it('[LK8] ATTRIBUTE_PUBLISH_ON_BEHALF: Oncue knows a participant that publishes for an agent by it', async () => {
    const { ATTRIBUTE_PUBLISH_ON_BEHALF: attribute } = await load('constants.js');
    const avatar = { attributes: { [String(attribute)]: 'agent' } };

    expect(publishesForAgent(avatar as never)).toBe(true);
    expect(publishesForAgent({ attributes: {} } as never)).toBe(false);
  });

  it('[LK8] a session is linked to people, by whatever way they come, and to no agent', () => {
    const kinds = voice.DEFAULT_PARTICIPANT_KINDS;

    expect(kinds).toContain(ParticipantKind.STANDARD);
    expect(kinds).toContain(ParticipantKind.SIP);
    expect(kinds).not.toContain(ParticipantKind.AGENT);
  });
});

it('[LK8] BackgroundAudioPlayer.onAgentStateChanged: ends the thinking sound of a player, and of nobody else', async () => {
  const session = new voice.AgentSession({ vad: null });
  const seen: string[] = [];
  session.on(voice.AgentSessionEventTypes.AgentStateChanged, ({ newState }) => seen.push(newState));
  const player = await ThinkingPlayer.start(session);
  session._updateAgentState('thinking');
  expect(player.isPlaying).toBe(true);

  endThinkingSound(session);

  expect(player.isPlaying).toBe(false);
  expect(session.agentState).toBe('thinking');
  expect(seen).toEqual(['thinking']);
});

it('[LK8] AgentActivity.audioRecognition, restoreInterruptionByAudioActivity, disableVadInterruptionSoon: told when the agent is heard and is not', async () => {
  const session = await start(new voice.Agent({ instructions: '' }), new ToneTTS());
  const activity = activityOf(session);
  if (!activity) throw new TypeError('no activity');
  const recognition: unknown = Reflect.get(activity, 'audioRecognition');
  Reflect.set(activity, 'isInterruptionDetectionEnabled', true);
  const called: string[] = [];
  for (const name of ['disableVadInterruptionSoon', 'restoreInterruptionByAudioActivity']) {
    expect(Reflect.get(activity, name)).toBeTypeOf('function');
    Reflect.set(activity, name, () => called.push(name));
  }

  setIsHeard(session, true);
  expect(session.agentState).toBe('speaking');
  expect(recognition).toHaveProperty('isAgentSpeaking', true);

  setIsHeard(session, false);
  expect(session.agentState).toBe('listening');
  expect(recognition).toHaveProperty('isAgentSpeaking', false);
  expect(called).toEqual(['disableVadInterruptionSoon', 'restoreInterruptionByAudioActivity']);
});

it('[LK8] AgentActivity.activeAgentStateLease: names the speech for which the state was set', async () => {
  const session = await start(new voice.Agent({ instructions: '' }), new ToneTTS());
  const activity = activityOf(session);
  if (!activity) throw new TypeError('no activity');
  const handle = voice.SpeechHandle.create();
  const take = (name: string, ...args: readonly unknown[]): unknown =>
    Reflect.apply(Reflect.get(activity, name), activity, args);

  take('acquireAgentStateLease', take('createAgentStateLease', handle), 'thinking');
  expect(session.agentState).toBe('thinking');
  expect(isStateOfPast(session)).toBe(false);

  handle.interrupt();
  expect(isStateOfPast(session)).toBe(true);
});

it('[LK8] each internal fact has a contract test whose name begins with the fact', () => {
  const folder = new URL('.', import.meta.url);
  const tests = readdirSync(folder)
    .filter((file) => file.endsWith('_contract.test.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');

  const facts = [...INTERNAL_FACTS, ...UNCHECKED_FACTS];
  expect(facts.filter(({ name }) => !tests.includes(`'[LK8] ${name}: `))).toEqual([]);
});
