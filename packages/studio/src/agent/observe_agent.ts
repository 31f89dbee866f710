import { ReadableStream } from 'node:stream/web';
import { voice } from '@livekit/agents';
import { wrapLlmNode } from '@oncue/livekit/internal';

/**
 * Reports what an agent's `llmNode` throws. Without this a developer would only see a response that was never heard,
 * because the session goes on after the response fails. The error is passed on unchanged.
 */
export function observeLlmNode(agent: voice.Agent, onError: (error: unknown) => void): void {
  wrapLlmNode(agent, async (node) => {
    try {
      const chunks = await node();
      if (chunks === null) return null;
      return chunks instanceof ReadableStream
        ? observed(chunks, onError)
        : passedOn(chunks, onError);
    } catch (error) {
      onError(error);
      throw error;
    }
  });
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
