import { AsyncResource } from 'node:async_hooks';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { attachOncue, currentTurn } from '../../src/index.ts';
import { INTERNAL_FACTS } from '../../src/livekit_internals/check_internals.ts';
import type { InternalFact } from '../../src/livekit_internals/internal_fact.ts';
import { MissingFacts } from '../../src/livekit_internals/missing_facts.ts';
import { AUDIO_CHAIN } from '../../src/livekit_internals/output/audio_chain.ts';
import { CAPTION_START } from '../../src/livekit_internals/output/caption_start.ts';
import { FRAME_USERDATA } from '../../src/livekit_internals/output/frame_userdata.ts';
import { NEXT_CAPTIONS } from '../../src/livekit_internals/output/next_captions.ts';
import { NO_VOICE } from '../../src/livekit_internals/output/no_voice.ts';
import { PIPELINE_WAIT } from '../../src/livekit_internals/output/pipeline_wait.ts';
import { ROOM_IO } from '../../src/livekit_internals/output/room_io.ts';
import { SEGMENT_IDS } from '../../src/livekit_internals/output/segment_ids.ts';
import { WRITTEN_CAPTIONS } from '../../src/livekit_internals/output/written_captions.ts';
import { AGENT_CHAT } from '../../src/livekit_internals/session/agent_chat.ts';
import { AGENT_NODES } from '../../src/livekit_internals/session/agent_nodes.ts';
import { AGENT_STATE } from '../../src/livekit_internals/session/agent_state.ts';
import { AGENT_TURN } from '../../src/livekit_internals/session/agent_turn.ts';
import { CREATED_AGENT } from '../../src/livekit_internals/session/created_agent.ts';
import { RUNNING_ACTIVITY } from '../../src/livekit_internals/session/running_activity.ts';
import { SESSION_ENDING } from '../../src/livekit_internals/session/session_ending.ts';
import { SESSION_STARTED } from '../../src/livekit_internals/session/session_started.ts';
import { SPEECH_FLOW } from '../../src/livekit_internals/session/speech_flow.ts';
import { USER_INTERRUPTS } from '../../src/livekit_internals/session/user_interrupts.ts';
import { synchronize } from '../support/captions.ts';
import { FakeRoom } from '../support/fake_room.ts';
import { hideFromOncue } from '../support/hide_member.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type RunOptions, type SessionRun, startSession } from '../support/session_harness.ts';
import { captureWarnings, type Warning } from '../support/warnings.ts';

// Each internal of LiveKit is hidden from Oncue in a real session, as if a new version had renamed it. LiveKit itself goes
// on using it.

afterEach(() => {
  vi.restoreAllMocks();
});

/** Two turns of two responses each, and what Oncue warned of. */
interface Result {
  readonly run: SessionRun;
  readonly warnings: readonly Warning[];
}

/** One fact, and a session in which Oncue does not find it. */
interface Case {
  readonly fact: InternalFact;
  /** The one that the warning names, of several. */
  readonly member?: string;
  readonly broken: () => RunOptions;
  /** What is so beyond one warning and an agent that speaks. */
  readonly also?: (result: Result) => void;
}

const spoken = (): ScriptedAgent => new ScriptedAgent(texts('alpha', 'beta'));

const CASES: readonly Case[] = [
  {
    fact: AGENT_STATE,
    broken: () => hideUntilStart('_updateAgentState'),
    // LiveKit's own states, without the queued ones.
    also: ({ run }) =>
      expect(run.stateNames.slice(0, 3)).toEqual(['thinking', 'speaking', 'listening']),
  },
  {
    fact: SESSION_STARTED,
    broken: () => hideUntilStart('_started'),
  },
  {
    fact: AGENT_CHAT,
    broken: () => {
      const agent = spoken();
      Object.defineProperty(agent._chatCtx, 'remove', { value: undefined });
      return { agent };
    },
  },
  {
    fact: AGENT_NODES,
    broken: () => {
      const agent = spoken();
      Object.defineProperty(agent, 'realtimeAudioOutputNode', { value: undefined });
      return { agent };
    },
  },
  {
    fact: CREATED_AGENT,
    broken: () => {
      const agent = voice.Agent.create({
        instructions: '',
        llmNode: async function* () {
          yield 'alpha ';
          currentTurn().queueAgentState('thinking');
          yield 'beta';
        },
      });
      const { hookAdapter } = agent as unknown as { hookAdapter: object };
      const value = new Proxy(hookAdapter, {
        get: (target, key) => {
          const member: unknown = Reflect.get(target, key);
          return typeof member === 'function' ? member.bind(target) : undefined;
        },
      });
      Object.defineProperty(agent, 'hookAdapter', { value });
      return { agent };
    },
  },
  {
    fact: AUDIO_CHAIN,
    broken: () => ({
      beforeStart: (session) => hide(synchronize(session).audioOutput, 'nextInChain'),
    }),
  },
  {
    fact: CAPTION_START,
    member: 'synchronizer._impl.seedFromPushAudio',
    broken: () => ({
      beforeStart: (session) => {
        const synchronizer = synchronize(session);
        let current = synchronizer._impl;
        Object.defineProperty(synchronizer, '_impl', {
          get: () => current,
          set: (next: object) => {
            Reflect.deleteProperty(next, 'seedFromPushAudio');
            current = next;
          },
        });
      },
    }),
  },
  {
    fact: SEGMENT_IDS,
    broken: () => ({
      beforeStart: (session) => {
        const { textOutput } = synchronize(session);
        session._roomIO = {
          isParticipantAvailable: false,
          linkedParticipant: undefined,
          transcriptionOutput: textOutput,
          close: async () => {},
        } as never;
      },
    }),
  },
  {
    fact: SPEECH_FLOW,
    broken: () => ({
      beforeStart: (session) => {
        const emit = session.emit.bind(session);
        vi.spyOn(session, 'emit').mockImplementation((...event) =>
          new AsyncResource('elsewhere').runInAsyncScope(() => Reflect.apply(emit, session, event)),
        );
      },
    }),
  },
  {
    fact: AGENT_TURN,
    broken: () => ({
      beforeStart: (session) => {
        session.prependListener(voice.AgentSessionEventTypes.SpeechCreated, ({ speechHandle }) => {
          Reflect.deleteProperty(speechHandle, '_agentTurnContext');
        });
      },
    }),
  },
  {
    fact: FRAME_USERDATA,
    broken: () => ({
      beforeStart: ({ output }) => {
        if (output.audio) output.audio = new Stripping(output.audio);
      },
    }),
    also: ({ run }) =>
      expect(run.ends).toEqual(['heard: alpha', 'heard: beta', 'heard: alpha', 'heard: beta']),
  },
  {
    fact: PIPELINE_WAIT,
    // A pipeline that waits by another method: that of Oncue is never called.
    broken: () => ({
      beforeStart: ({ output }) => {
        const { audio } = output;
        if (!audio) return;
        const get = () => voice.AudioOutput.prototype.waitForPlayout;
        Object.defineProperty(audio, 'waitForPlayout', { get, set: () => {} });
      },
    }),
    // There is no gap once that is known [LK4].
    also: ({ run }) => {
      const [, , alphaMs = 0, betaMs] = run.started.map(({ startedAtMs }) => startedAtMs as number);
      expect(betaMs).toBe(alphaMs + 100);
    },
  },
  {
    fact: RUNNING_ACTIVITY,
    broken: () => ({
      beforeStart: (session) => {
        hideFromOncue(session, 'activity', 'absent');
        session.prependListener(voice.AgentSessionEventTypes.SpeechCreated, () =>
          hideFromOncue(session.currentAgent, '_agentActivity', 'absent'),
        );
      },
    }),
  },
  {
    fact: SESSION_ENDING,
    member: 'schedulingPaused',
    broken: () => ({
      beforeStart: (session) => {
        session.once(voice.AgentSessionEventTypes.AgentStateChanged, () => {
          const { activity } = session as unknown as { readonly activity: object };
          hideFromOncue(activity, 'schedulingPaused', 'absent');
        });
      },
    }),
  },
  {
    fact: USER_INTERRUPTS,
    member: 'onInputSpeechStarted',
    broken: () => ({
      beforeStart: (session) => {
        session.on(voice.AgentSessionEventTypes.AgentStateChanged, () => {
          const { activity } = session as unknown as { readonly activity?: object };
          if (activity) hide(activity, 'onInputSpeechStarted');
        });
      },
    }),
  },
];

/** Those whose session differs too much from the others; each has a test of its own below. */
const ELSEWHERE: readonly InternalFact[] = [
  ROOM_IO,
  NO_VOICE,
  // In member_faults.test.ts.
  NEXT_CAPTIONS,
  WRITTEN_CAPTIONS,
];

/** Hides a member for as long as `attachOncue` runs. */
function hide(target: object, member: string): void {
  Object.defineProperty(target, member, { value: undefined, configurable: true });
}

/** Hides a member of every session until the first one starts. */
function hideUntilStart(member: '_updateAgentState' | '_started'): RunOptions {
  const { prototype } = voice.AgentSession;
  const ofLiveKit = Object.getOwnPropertyDescriptor(prototype, member);
  if (!ofLiveKit) throw new Error(`LiveKit has no AgentSession.${member}`);
  const show = (): void => void Object.defineProperty(prototype, member, ofLiveKit);
  hide(prototype, member);
  onTestFinished(show);
  return { beforeStart: show };
}

describe('[LK9] an internal of LiveKit that is missing gives one warning, and the agent speaks', () => {
  it.each(CASES)('[LK9] $fact.name', async ({ fact, member, broken, also }) => {
    const warnings = captureWarnings();
    const run = await startSession({ agent: spoken(), ...broken() });
    await run.reply();
    await run.reply();

    expect(warnings).toEqual([warningOf(fact, member)]);
    expect(run.soundedAtMs('beta')).toBeGreaterThan(run.soundedAtMs('alpha'));
    expect(run.ends.join(' ')).toMatch(/alpha.*beta.*alpha.*beta/);
    expect(run.errors).toEqual([]);
    expect(run.unfinishedSegments).toBe(0);
    also?.({ run, warnings });
  });

  it('[LK9] AgentSession._roomIO', async () => {
    const warnings = captureWarnings();
    const session = new voice.AgentSession({});
    Reflect.deleteProperty(session, '_roomIO');
    const room = new FakeRoom();
    room.join('user');

    attachOncue(session, { room: room.asRoom });
    await Promise.resolve();

    expect(warnings).toEqual([warningOf(ROOM_IO, '_roomIO')]);
    expect(room.sent('welcome')).toHaveLength(1);
    await session.close();
  });

  it('[LK9] the error of the default ttsNode: without a voice, the text is shown', async () => {
    const warnings = captureWarnings();
    vi.spyOn(voice.Agent.default, 'ttsNode').mockRejectedValue(new Error('no synthesis'));
    const run = await startSession({ agent: spoken(), tts: undefined });

    await run.reply();
    await run.reply();

    expect(warnings).toEqual([warningOf(NO_VOICE)]);
    expect(new Set(run.ends)).toEqual(new Set(['skipped: not_spoken']));
    expect(run.chat.map(({ text }) => text)).toEqual(['alphabeta', 'alphabeta']);
  });

  it('[LK9] every fact is missing in one of these tests', () => {
    const facts = [...CASES.map(({ fact }) => fact), ...ELSEWHERE];

    expect(new Set(facts)).toEqual(new Set(INTERNAL_FACTS));
  });
});

function warningOf({ name, lost }: InternalFact, member?: string): Warning {
  return {
    code: 'ONCUE_LIVEKIT_CHANGED',
    fact: name,
    ...(member === undefined ? {} : { member }),
    message: expect.stringContaining(lost),
  };
}

/** Passes each frame on as a new one, without its userdata. */
class Stripping extends voice.AudioOutput {
  readonly #next: voice.AudioOutput;

  constructor(next: voice.AudioOutput) {
    super(undefined, next, { pause: true });
    this.#next = next;
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    const { data, sampleRate, channels, samplesPerChannel } = frame;
    await this.#next.captureFrame(new AudioFrame(data, sampleRate, channels, samplesPerChannel));
  }

  override flush(): void {
    super.flush();
    this.#next.flush();
  }

  override clearBuffer(): void {
    this.#next.clearBuffer();
  }
}

it('[LK9] a session that has everything gives no warning', async () => {
  const warnings = captureWarnings();
  const run = await startSession({
    agent: new ScriptedAgent(texts('alpha', 'beta')),
    beforeStart: (session) => void synchronize(session),
  });

  await run.reply();

  expect(warnings).toEqual([]);
});

it('[LK9] the warning is a process warning if LiveKit has no log', () => {
  const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  vi.stubGlobal(Symbol.for('@livekit/agents:logger') as unknown as string, undefined);

  new MissingFacts().add(AGENT_STATE);
  vi.unstubAllGlobals();

  expect(emitWarning).toHaveBeenCalledWith(expect.stringContaining(AGENT_STATE.name), {
    code: 'ONCUE_LIVEKIT_CHANGED',
  });
});
