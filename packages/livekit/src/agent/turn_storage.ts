import { ReadableStream } from 'node:stream/web';
import { OncueError, type ResponseId, type TurnId } from '@oncue/core';
import { AsyncContext } from './async_context.ts';
import type { AgentTurn } from './declaring_turn.ts';

/** The turn whose `llmNode` the running code belongs to. */
export const turnStorage: AsyncContext<AgentTurn> = new AsyncContext<AgentTurn>('turn');

/**
 * The turn that is being generated. Call it inside `llmNode`, before the first `await` or any time later in the same
 * async context.
 *
 * @throws OncueError `ONCUE_NO_TURN` outside an `llmNode`, or in a session without `attachOncue`.
 */
export function currentTurn(): AgentTurn {
  const turn = turnStorage.getStore();
  if (turn) return turn;
  throw new OncueError(
    'ONCUE_NO_TURN',
    'no turn is being generated here; call this inside llmNode, in a session that attachOncue() was called on before start()',
  );
}

/**
 * A turn that takes declarations and does nothing with them: for a session in which Oncue is switched off, and for a
 * turn that Oncue failed to open. Its text is spoken as LiveKit speaks it.
 */
export const UNTRACKED_TURN: AgentTurn = {
  id: 'untracked' as TurnId,
  begin: () => ({
    id: 'untracked' as ResponseId,
    index: 0,
    heard: async () => ({ outcome: 'not_known' }),
  }),
  mark: () => {},
  queueAgentState: () => {},
};

/** Runs a node, and the reading of the stream that it returns, as part of a turn. */
export async function inTurn<T>(
  turn: AgentTurn,
  node: () => Promise<ReadableStream<T> | null>,
): Promise<ReadableStream<T> | null> {
  const stream = await turnStorage.run(turn, node);
  if (!stream) return null;
  const reader = turnStorage.run(turn, () => stream.getReader());
  return new ReadableStream<T>(
    {
      pull: async (controller) => {
        const { done, value } = await turnStorage.run(turn, () => reader.read());
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
