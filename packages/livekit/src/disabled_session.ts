import { log, voice } from '@livekit/agents';
import {
  type AgentMs,
  type Audibility,
  type Clock,
  type OncueEvent,
  type OncueEventOf,
  Timeline,
  type TimelineView,
} from '@oncue/core';
import {
  type AfterHeard,
  type AfterHeardFunction,
  type AfterHeardOptions,
  afterHeard,
  type SpokenSpeech,
} from './after_heard.ts';
import { noteSession } from './agent/hooked_agents.ts';
import { inTurn, turnStorage, UNTRACKED_TURN } from './agent/turn_storage.ts';
import type { AttachOptions } from './attach_options.ts';
import { FailOpen } from './fail_open.ts';
import { memberOf } from './livekit_internals/members.ts';
import { type NodeWrapping, wrapNode } from './livekit_internals/session/agent_nodes.ts';
import { llmNodeOf } from './livekit_internals/session/created_agent.ts';
import { followAgents } from './livekit_internals/session/serving_agents.ts';
import { toEpochMs } from './node_clock.ts';
import type { OncueSession } from './oncue_session.ts';
import { setPlainOutput } from './output/plain_output.ts';

/**
 * Oncue switched off: plain LiveKit, with the same API [LK10]. The audio goes through LiveKit's own output. Agents that
 * declare responses and states still work, and what they declare is ignored. Only `llmNode` is wrapped, to accept a
 * generator.
 */
export class DisabledSession implements OncueSession {
  readonly timeline: TimelineView;
  readonly #clock: Clock;

  /** Throws nothing, whatever it gets: Oncue is switched off where something is wrong. */
  constructor(session: voice.AgentSession, options: AttachOptions | undefined, clock: Clock) {
    this.#clock = clock;
    this.timeline = new Timeline({ clock }).view;
    const failOpen = new FailOpen();
    failOpen.run('switching itself off', () => followSpeeches(session, failOpen), undefined);
    failOpen.run('setting an output', () => playPlain(session, options), undefined);
  }

  get audibility(): Audibility {
    return this.timeline.state.audibility;
  }

  on<T extends OncueEvent['type']>(
    type: T,
    listener: (event: OncueEventOf<T>) => void,
  ): () => void {
    return this.timeline.on(type, listener);
  }

  onAny(listener: (event: OncueEvent) => void): () => void {
    return this.timeline.onAny(listener);
  }

  nowMs(): AgentMs {
    return this.#clock.nowMs();
  }

  toEpochMs(instantMs: AgentMs): number {
    return toEpochMs(instantMs);
  }

  agentTurnContextOf(): undefined {}

  queueAgentState(): void {}

  markSpeech(): void {}

  afterHeard(
    speech: SpokenSpeech,
    fn: AfterHeardFunction,
    options: AfterHeardOptions = {},
  ): Promise<AfterHeard> {
    const failed = (error: unknown): void =>
      log().error({ error }, 'afterHeard: the function failed');
    return afterHeard(speech, fn, options, {
      clock: this.#clock,
      heardOf: () => undefined,
      failed,
    });
  }

  async close(): Promise<void> {}
}

function followSpeeches(session: voice.AgentSession, failOpen: FailOpen): void {
  noteSession(session);
  const prepare = (agent: voice.Agent): void => {
    failOpen.run('preparing an agent', () => wrapNode(agent, 'llmNode', GENERATORS), undefined);
  };
  followAgents(session, prepare);
  session.on(voice.AgentSessionEventTypes.SpeechCreated, () => {
    turnStorage.enterWith(UNTRACKED_TURN);
    const agent = memberOf(session, 'currentAgent');
    if (agent instanceof voice.Agent) prepare(agent);
  });
}

/** With Oncue an `llmNode` may be a generator in any agent, so it may be without. */
const GENERATORS: NodeWrapping<'llmNode'> = {
  bind: llmNodeOf,
  around:
    (_agent, node) =>
    (...args) =>
      inTurn(UNTRACKED_TURN, () => node(...args)),
};

function playPlain(session: voice.AgentSession, options: AttachOptions | undefined): void {
  if (!options || 'room' in options) return;
  setPlainOutput(session, { listener: options.listener, why: 'switched off' });
}
