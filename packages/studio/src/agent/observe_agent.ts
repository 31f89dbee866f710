import { ReadableStream } from 'node:stream/web';
import { voice } from '@livekit/agents';

type LlmNode = voice.Agent['llmNode'];
type NodeArguments = Parameters<LlmNode>;
type NodeStream = NonNullable<Awaited<ReturnType<LlmNode>>>;
type Chunks = NodeStream | AsyncIterable<string>;

/** Where an agent of `Agent.create` keeps its `llmNode`. `@oncue/livekit` uses it too, and has a contract test for it. */
interface CreatedAgent {
  readonly hookAdapter?: {
    readonly hooks: {
      llmNode?: (
        context: unknown,
        ...args: NodeArguments
      ) => Promise<Chunks | null> | Chunks | null;
    };
  };
}

/**
 * Reports what an agent's `llmNode` throws. Without this a developer would only see a response that was never heard,
 * because the session goes on after the response fails. The error is passed on unchanged.
 */
export function observeLlmNode(agent: voice.Agent, onError: (error: unknown) => void): void {
  const hooks = (agent as unknown as CreatedAgent).hookAdapter?.hooks;
  const created = hooks?.llmNode;
  if (hooks && created) {
    hooks.llmNode = (context, ...args) =>
      watched(async () => await created(context, ...args), onError);
    return;
  }
  const { llmNode } = agent;
  agent.llmNode = async (...args: NodeArguments) => {
    const node = await watched(() => llmNode.apply(agent, args), onError);
    return node as NodeStream | null;
  };
}

async function watched(
  run: () => Promise<Chunks | null>,
  onError: (error: unknown) => void,
): Promise<Chunks | null> {
  try {
    const chunks = await run();
    if (chunks === null) return null;
    return chunks instanceof ReadableStream ? observed(chunks, onError) : passedOn(chunks, onError);
  } catch (error) {
    onError(error);
    throw error;
  }
}

async function* passedOn<T>(
  source: AsyncIterable<T>,
  onError: (error: unknown) => void,
): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    if (!isAbort(error)) onError(error);
    throw error;
  }
}

/** Reads its source only on demand, so that a turn's declarations keep their place in the text. */
function observed<T>(
  source: ReadableStream<T>,
  onError: (error: unknown) => void,
): ReadableStream<T> {
  const reader = source.getReader();
  let isCancelled = false;
  return new ReadableStream<T>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          // After a cancellation nobody waits for this read.
          if (isCancelled) return;
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          if (!isAbort(error)) onError(error);
          throw error;
        }
      },
      cancel: (reason) => {
        isCancelled = true;
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/**
 * Without speech recognition a user's speech has no words. It can interrupt the agent, but there is nothing to answer:
 * LiveKit would have the agent reply to an empty message.
 */
export function skipWordlessTurns(agent: voice.Agent): void {
  const { onUserTurnCompleted } = agent;
  agent.onUserTurnCompleted = async (...args: Parameters<voice.Agent['onUserTurnCompleted']>) => {
    const [, message] = args;
    if ((message.textContent ?? '').trim() === '') throw new voice.StopResponse();
    await onUserTurnCompleted.apply(agent, args);
  };
}
