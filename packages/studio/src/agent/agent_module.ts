import { voice } from '@livekit/agents';
import type { ScenarioInfo } from '../protocol/control_messages.ts';

/** What `createSession` gets: the studio's own choice of LLM, speech and turn handling, to be spread or replaced. */
export type StudioSessionOptions = voice.AgentSessionOptions;

/** What a module gives the studio, as named exports or as its default export. */
export interface StudioAgentModule {
  /** Makes the agent of one run. Called anew for every run. */
  readonly createAgent: () => voice.Agent | Promise<voice.Agent>;
  /** Makes the session of one run; it must not be started. Default: one with the options as they come. */
  readonly createSession?: (
    options: StudioSessionOptions,
  ) => voice.AgentSession | Promise<voice.AgentSession>;
  /** Conversations to offer as buttons. */
  readonly scenarios?: readonly ScenarioInfo[];
}

/** Gives a default export its types. Returns what it gets. */
export function defineStudioAgent(module: StudioAgentModule): StudioAgentModule {
  return module;
}

/**
 * Reads what an agent's file exports.
 *
 * @throws TypeError that says what is missing.
 */
export function readAgentModule(exported: Readonly<Record<string, unknown>>): StudioAgentModule {
  const given = isRecord(exported['default']) ? exported['default'] : exported;
  const { createAgent, createSession, scenarios = [] } = given;
  if (typeof createAgent !== 'function') {
    const names = Object.keys(exported).join(', ') || 'nothing';
    throw new TypeError(
      `the file exports ${names}; the studio needs \`export function createAgent()\` that returns a voice.Agent, ` +
        'or `export default defineStudioAgent({ createAgent })`',
    );
  }
  if (createSession !== undefined && typeof createSession !== 'function')
    throw new TypeError(
      'createSession is no function; it gets options and returns an AgentSession',
    );
  if (!Array.isArray(scenarios) || !scenarios.every(isScenario))
    throw new TypeError('scenarios must be a list of { name, title, ask }, all three texts');
  return {
    createAgent: createAgent as StudioAgentModule['createAgent'],
    ...(createSession
      ? { createSession: createSession as NonNullable<StudioAgentModule['createSession']> }
      : {}),
    scenarios,
  };
}

/**
 * The agent of a new run.
 *
 * @throws TypeError when it is none, or one of another copy of `@livekit/agents`: that would run, but its turns would
 *   not be the session's.
 */
export async function createAgentOf(module: StudioAgentModule): Promise<voice.Agent> {
  const agent: unknown = await module.createAgent();
  if (agent instanceof voice.Agent) return agent;
  const isForeign = isRecord(agent) && typeof agent['llmNode'] === 'function';
  throw new TypeError(
    isForeign
      ? 'the agent comes from another copy of @livekit/agents than the studio; install @oncue/studio in the same project'
      : 'createAgent() must return a voice.Agent',
  );
}

function isScenario(value: unknown): value is ScenarioInfo {
  return isRecord(value) && ['name', 'title', 'ask'].every((key) => typeof value[key] === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
