import type { voice } from '@livekit/agents';
import type { InternalFact } from '../internal_fact.ts';
import { lackOf, memberOf } from '../members.ts';

/**
 * The pipeline reads a node of the agent each time it calls it, `this.agent.ttsNode(…)`, so a node that is replaced on one
 * agent is the one that runs.
 */
export const AGENT_NODES: InternalFact = {
  name: 'llmNode, ttsNode, transcriptionNode and realtimeAudioOutputNode of Agent',
  source: 'voice/agent.ts, voice/agent_activity.ts',
  lost: 'the responses of a turn cannot be told apart where that node is missing',
};

const NODES = {
  llmNode: 'function',
  ttsNode: 'function',
  transcriptionNode: 'function',
  realtimeAudioOutputNode: 'function',
} as const;

/** A node that Oncue wraps. */
export type NodeName = keyof typeof NODES;
type Node<Name extends NodeName> = voice.Agent[Name];

/** Whether an agent has the four nodes that text and audio pass through. */
export function hasNodes(agent: voice.Agent): boolean {
  return lackOf(agent, NODES) === undefined;
}

/** What is put around a node of any agent. */
export interface NodeWrapping<Name extends NodeName> {
  /** The node, bound to its agent. @param node - as the agent has it. */
  readonly bind: (agent: voice.Agent, node: Node<Name>) => Node<Name>;
  /** What runs instead of the node. @param bound - what `bind` gave. */
  readonly around: (agent: voice.Agent, bound: Node<Name>, node: Node<Name>) => Node<Name>;
}

/** A node's property of one agent, as it was replaced last. */
interface Replaced {
  readonly wrapping: unknown;
  readonly get: () => unknown;
}

const replaced = new WeakMap<voice.Agent, Map<NodeName, Replaced>>();

/**
 * Puts something around a node of an agent, and around whatever the application assigns there later. Does nothing if that is
 * so already, or if the agent has no such node.
 *
 * The application may read its node, which is then a wrapper, and assign one that calls it. Only what the pipeline calls is
 * wrapped: the wrapper that the application calls runs the node alone.
 *
 * @param wrapping - the same object for the same purpose. Of two, the one that came last is the one that runs.
 * @returns Whether the node is wrapped now.
 * @throws TypeError if the agent does not allow that the property is replaced.
 */
export function wrapNode<Name extends NodeName>(
  agent: voice.Agent,
  name: Name,
  wrapping: NodeWrapping<Name>,
): boolean {
  const ofAgent = replaced.get(agent) ?? new Map<NodeName, Replaced>();
  const own = Object.getOwnPropertyDescriptor(agent, name);
  const last = ofAgent.get(name);
  if (last?.wrapping === wrapping && own?.get === last.get) return true;
  if (typeof memberOf(agent, name) !== 'function') return false;
  // The property as it would be without this.
  const before: object = Object.create(Object.getPrototypeOf(agent), own ? { [name]: own } : {});
  const wrappers = new WeakMap<object, Node<Name>>();
  let assignments = 0;
  /** For each wrapper, how many assignments there had been when the property last gave it. */
  const givenAt = new WeakMap<object, number>();
  const get = (): unknown => {
    const node: unknown = Reflect.get(before, name, agent);
    if (typeof node !== 'function') return node;
    const wrapper = givenAt.has(node) ? node : (wrappers.get(node) ?? wrapped(node as Node<Name>));
    givenAt.set(wrapper, assignments);
    return wrapper;
  };
  const wrapped = (node: Node<Name>): Node<Name> => {
    const bound = wrapping.bind(agent, node);
    const around = wrapping.around(agent, bound, node);
    const wrapper = ((...args: unknown[]): unknown => {
      const isLast = replaced.get(agent)?.get(name) === now && givenAt.get(wrapper) === assignments;
      return Reflect.apply(isLast ? around : bound, agent, args);
    }) as Node<Name>;
    wrappers.set(node, wrapper);
    return wrapper;
  };
  const set = (node: unknown): void => {
    assignments += 1;
    if (Reflect.set(before, name, node, agent)) return;
    const value = { value: node, configurable: true, enumerable: true, writable: true };
    Object.defineProperty(before, name, value);
  };
  const now: Replaced = { wrapping, get };
  Object.defineProperty(agent, name, { get, set, configurable: true, enumerable: true });
  replaced.set(agent, ofAgent.set(name, now));
  return true;
}
