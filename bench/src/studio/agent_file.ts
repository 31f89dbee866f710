import type { voice } from '@livekit/agents';
import type { StudioSessionOptions } from '@oncue/studio';

/** What the benchmark gives the agent that the studio loads. */
export interface BenchHook {
  readonly createAgent: () => voice.Agent;
  readonly createSession: (options: StudioSessionOptions) => voice.AgentSession;
}

/**
 * Where the hook is kept: the studio bundles this file into a module of its own, so it shares no variable with the
 * benchmark but a global one.
 */
export const HOOK: unique symbol = Symbol.for('oncue.bench.studio');

type Hooked = typeof globalThis & { [HOOK]?: BenchHook };

export function setHook(hook: BenchHook): void {
  (globalThis as Hooked)[HOOK] = hook;
}

function hook(): BenchHook {
  const given = (globalThis as Hooked)[HOOK];
  if (!given) throw new TypeError('this agent runs in the benchmark only: npm run bench -- studio');
  return given;
}

export const createAgent = (): voice.Agent => hook().createAgent();

export const createSession = (options: StudioSessionOptions): voice.AgentSession =>
  hook().createSession(options);
