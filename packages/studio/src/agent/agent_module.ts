import { voice } from '@livekit/agents';
import { StudioError } from '../errors.ts';
import type { ScenarioInfo } from '../protocol/control_messages.ts';

/** The argument of `createSession`: the studio's choice of LLM, speech and turn handling, to use or replace. */
export type StudioSessionOptions = voice.AgentSessionOptions;

/** The exports of an agent's file, as named exports or as its default export. */
export interface StudioAgentModule {
  /** Makes the agent of one run. Called again for each run. */
  readonly createAgent: () => voice.Agent | Promise<voice.Agent>;
  /** Makes the session of one run and does not start it. Default: a session with the options unchanged. */
  readonly createSession?: (
    options: StudioSessionOptions,
  ) => voice.AgentSession | Promise<voice.AgentSession>;
  /** Conversations that the page shows as buttons. */
  readonly scenarios?: readonly ScenarioInfo[];
}

/** Checks the types of a default export. Returns its argument. */
export function defineStudioAgent(module: StudioAgentModule): StudioAgentModule {
  return module;
}

/**
 * Reads what an agent's file exports.
 *
 * @throws {StudioError} `STUDIO_BAD_MODULE`, with what is missing.
 */
export function readAgentModule(exported: Readonly<Record<string, unknown>>): StudioAgentModule {
  const given = isRecord(exported['default']) ? exported['default'] : exported;
  const { createAgent, createSession, scenarios = [] } = given;
  if (typeof createAgent !== 'function') {
    const names = Object.keys(exported).join(', ') || 'nothing';
    throw new StudioError(
      'STUDIO_BAD_MODULE',
      `the file exports ${names}; the studio needs \`export function createAgent()\` that returns a voice.Agent, ` +
        'or `export default defineStudioAgent({ createAgent })`',
    );
  }
  if (createSession !== undefined && typeof createSession !== 'function')
    throw new StudioError(
      'STUDIO_BAD_MODULE',
      'createSession is not a function; export a function that takes options and returns an AgentSession',
    );
  if (!Array.isArray(scenarios) || !scenarios.every(isScenario))
    throw new StudioError(
      'STUDIO_BAD_MODULE',
      'scenarios is not a list of { name, title, ask }; give all three as strings',
    );
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
 * @throws {StudioError} `STUDIO_BAD_MODULE` if it is not an agent; `STUDIO_FOREIGN_AGENT` if it comes from another copy
 *   of `@livekit/agents`: it would run, but its turns would not belong to the session.
 */
export async function createAgentOf(module: StudioAgentModule): Promise<voice.Agent> {
  const agent: unknown = await module.createAgent();
  if (agent instanceof voice.Agent) return agent;
  const isForeign = isRecord(agent) && typeof agent['llmNode'] === 'function';
  throw isForeign
    ? new StudioError(
        'STUDIO_FOREIGN_AGENT',
        'the agent comes from another copy of @livekit/agents than the studio; install @oncue/studio in the same project',
      )
    : new StudioError(
        'STUDIO_BAD_MODULE',
        'createAgent() did not return a voice.Agent; return one, or a promise of one',
      );
}

function isScenario(value: unknown): value is ScenarioInfo {
  return isRecord(value) && ['name', 'title', 'ask'].every((key) => typeof value[key] === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
