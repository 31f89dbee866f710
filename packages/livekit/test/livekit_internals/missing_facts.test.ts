import { AsyncResource } from 'node:async_hooks';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { attachOncue, currentTurn } from '../../src/index.ts';
import { AGENT_CHAT } from '../../src/livekit_internals/agent_chat.ts';
import { AGENT_NODES } from '../../src/livekit_internals/agent_nodes.ts';
import { AGENT_STATE } from '../../src/livekit_internals/agent_state.ts';
import { AUDIO_CHAIN } from '../../src/livekit_internals/audio_chain.ts';
import { CAPTION_START } from '../../src/livekit_internals/caption_start.ts';
import { INTERNAL_FACTS } from '../../src/livekit_internals/check_internals.ts';
import { CREATED_AGENT } from '../../src/livekit_internals/created_agent.ts';
import { FRAME_USERDATA } from '../../src/livekit_internals/frame_userdata.ts';
import type { InternalFact } from '../../src/livekit_internals/internal_fact.ts';
import { MissingFacts } from '../../src/livekit_internals/missing_facts.ts';
import { ROOM_IO } from '../../src/livekit_internals/room_io.ts';
import { SEGMENT_IDS } from '../../src/livekit_internals/segment_ids.ts';
import { SPEECH_FLOW } from '../../src/livekit_internals/speech_flow.ts';
import { synchronize } from '../support/captions.ts';
import { FakeRoom } from '../support/fake_room.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { type RunOptions, type SessionRun, startSession } from '../support/session_harness.ts';
import { captureWarnings, type Warning } from '../support/warnings.ts';

// Each internal of LiveKit is hidden from Oncue in a real session, as if a new version had renamed it. LiveKit itself goes
// on using it.

afterEach(() => {
  vi.restoreAllMocks();
});

const broken: InternalFact[] = [];

/** Runs two turns of two responses each. */
async function runBroken(
  fact: InternalFact,
  options: RunOptions,
): Promise<{ run: SessionRun; warnings: readonly Warning[] }> {
  broken.push(fact);
  const warnings = captureWarnings();
  const run = await startSession({ agent: new ScriptedAgent(texts('alpha', 'beta')), ...options });
  await run.reply();
  await run.reply();
  return { run, warnings };
}

/** There was one warning, it names the fact, and the words of both turns sounded. */
function expectSpokenWithOneWarning(
  fact: InternalFact,
  { run, warnings }: { readonly run: SessionRun; readonly warnings: readonly Warning[] },
): void {
  expect(warnings).toEqual([
    {
      code: 'ONCUE_LIVEKIT_CHANGED',
      fact: fact.name,
      message: expect.stringContaining(fact.lost),
    },
  ]);
  expect(run.soundedAtMs('beta')).toBeGreaterThan(run.soundedAtMs('alpha'));
  expect(run.ends.join(' ')).toMatch(/alpha.*beta.*alpha.*beta/);
  expect(run.errors).toEqual([]);
  expect(run.unfinishedSegments).toBe(0);
}

/** Hides a member for as long as `attachOncue` runs. */
function hide(target: object, member: string): void {
  Object.defineProperty(target, member, { value: undefined, configurable: true });
}

describe('[LK9] an internal of LiveKit that is missing gives one warning, and the agent speaks', () => {
  it('[LK9] the state of the agent', async () => {
    const start = voice.AgentSession.prototype.start;
    const { _updateAgentState } = voice.AgentSession.prototype;
    hide(voice.AgentSession.prototype, '_updateAgentState');
    vi.spyOn(voice.AgentSession.prototype, 'start').mockImplementation(function (
      this: voice.AgentSession,
      ...args
    ) {
      Object.defineProperty(voice.AgentSession.prototype, '_updateAgentState', {
        value: _updateAgentState,
        configurable: true,
        writable: true,
      });
      return start.apply(this, args);
    } as typeof start);

    const result = await runBroken(AGENT_STATE, {});

    expectSpokenWithOneWarning(AGENT_STATE, result);
    // LiveKit's own states, without the queued ones.
    const { stateNames } = result.run;
    expect(stateNames.slice(0, 3)).toEqual(['thinking', 'speaking', 'listening']);
  });

  it('[LK9] the room of the session', async () => {
    broken.push(ROOM_IO);
    const warnings = captureWarnings();
    const session = new voice.AgentSession({});
    Reflect.deleteProperty(session, '_roomIO');
    const room = new FakeRoom();
    room.join('user');

    attachOncue(session, { room: room.asRoom });
    await Promise.resolve();

    expect(warnings).toMatchObject([{ code: 'ONCUE_LIVEKIT_CHANGED', fact: ROOM_IO.name }]);
    expect(room.sent('welcome')).toHaveLength(1);
    await session.close();
  });

  it("[LK9] the agent's own chat context", async () => {
    const agent = new ScriptedAgent(texts('alpha', 'beta'));
    Object.defineProperty(agent._chatCtx, 'remove', { value: undefined });

    expectSpokenWithOneWarning(AGENT_CHAT, await runBroken(AGENT_CHAT, { agent }));
  });

  it('[LK9] a node of the agent', async () => {
    const agent = new ScriptedAgent(texts('alpha', 'beta'));
    Object.defineProperty(agent, 'realtimeAudioOutputNode', { value: undefined });

    expectSpokenWithOneWarning(AGENT_NODES, await runBroken(AGENT_NODES, { agent }));
  });

  it('[LK9] the hooks of Agent.create', async () => {
    const agent = voice.Agent.create({
      instructions: '',
      llmNode: async function* () {
        yield 'alpha ';
        currentTurn().queueAgentState('thinking');
        yield 'beta';
      },
    });
    const { hookAdapter } = agent as unknown as { hookAdapter: object };
    Object.defineProperty(agent, 'hookAdapter', {
      value: new Proxy(hookAdapter, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key);
          if (typeof value === 'function') return value.bind(target);
          return undefined;
        },
      }),
    });

    expectSpokenWithOneWarning(CREATED_AGENT, await runBroken(CREATED_AGENT, { agent }));
  });

  it('[LK9] the chain of outputs', async () => {
    const beforeStart = (session: voice.AgentSession): void => {
      hide(synchronize(session).audioOutput, 'nextInChain');
    };

    expectSpokenWithOneWarning(AUDIO_CHAIN, await runBroken(AUDIO_CHAIN, { beforeStart }));
  });

  it('[LK9] the segments of captions', async () => {
    const beforeStart = (session: voice.AgentSession): void => {
      const synchronizer = synchronize(session);
      let current = synchronizer._impl;
      Object.defineProperty(synchronizer, '_impl', {
        get: () => current,
        set: (next: object) => {
          Reflect.deleteProperty(next, 'seedFromPushAudio');
          current = next;
        },
      });
    };

    expectSpokenWithOneWarning(CAPTION_START, await runBroken(CAPTION_START, { beforeStart }));
  });

  it('[LK9] the output that publishes transcripts', async () => {
    const beforeStart = (session: voice.AgentSession): void => {
      const { textOutput } = synchronize(session);
      session._roomIO = { transcriptionOutput: textOutput, close: async () => {} } as never;
    };

    expectSpokenWithOneWarning(SEGMENT_IDS, await runBroken(SEGMENT_IDS, { beforeStart }));
  });

  it('[LK9] the async context of a speech', async () => {
    const beforeStart = (session: voice.AgentSession): void => {
      const emit = session.emit.bind(session);
      vi.spyOn(session, 'emit').mockImplementation((...event) =>
        new AsyncResource('elsewhere').runInAsyncScope(() => Reflect.apply(emit, session, event)),
      );
    };

    expectSpokenWithOneWarning(SPEECH_FLOW, await runBroken(SPEECH_FLOW, { beforeStart }));
  });

  it('[LK9] the userdata of a frame', async () => {
    const beforeStart = (session: voice.AgentSession): void => {
      if (session.output.audio) session.output.audio = new Stripping(session.output.audio);
    };

    const result = await runBroken(FRAME_USERDATA, { beforeStart });

    expectSpokenWithOneWarning(FRAME_USERDATA, result);
    expect(result.run.ends).toEqual(['heard: alpha', 'heard: beta', 'heard: alpha', 'heard: beta']);
  });

  it('[LK9] every fact is missing in one of these tests', () => {
    expect(new Set(broken)).toEqual(new Set(INTERNAL_FACTS));
  });
});

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
