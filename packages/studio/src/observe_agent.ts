import { ReadableStream } from 'node:stream/web';
import { voice } from '@livekit/agents';

/**
 * Tells of what an agent's `llmNode` throws, with its stack. LiveKit logs it and goes on, so a developer would look for
 * it in the wrong place. The error passes on unchanged.
 */
export function observeLlmNode(agent: voice.Agent, onError: (error: unknown) => void): void {
  const { llmNode } = agent;
  agent.llmNode = async (...args: Parameters<voice.Agent['llmNode']>) => {
    try {
      const node = await llmNode.apply(agent, args);
      return node && observed(node, onError);
    } catch (error) {
      onError(error);
      throw error;
    }
  };
}

/** Asks its source only when it is asked itself: a turn's declarations stand at their place in the text. */
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
          // A read that a cancellation ended has nobody to tell.
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
 * Without speech recognition a user's speech has no words. It may interrupt, but there is nothing to answer: LiveKit
 * would have the agent reply to an empty message.
 */
export function skipWordlessTurns(agent: voice.Agent): void {
  const { onUserTurnCompleted } = agent;
  agent.onUserTurnCompleted = async (...args: Parameters<voice.Agent['onUserTurnCompleted']>) => {
    const [, message] = args;
    if ((message.textContent ?? '').trim() === '') throw new voice.StopResponse();
    await onUserTurnCompleted.apply(agent, args);
  };
}
