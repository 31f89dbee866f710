import { voice } from '@livekit/agents';
import { currentTurn } from '@oncue/livekit';

/** How long the agent thinks between its two responses: long enough for all pictures of that state. */
const THINKING_MS = 14_000;

export const scenarios: readonly { name: string; title: string; ask: string }[] = [
  { name: 'slow', title: 'Filler, then a slow answer', ask: 'Can you move my appointment?' },
];

/** An agent that says a filler and thinks for a long time. */
export function createAgent(): voice.Agent {
  return voice.Agent.create({
    instructions: 'Takes its time.',
    llmNode: async function* () {
      const turn = currentTurn();
      turn.begin({ metadata: { title: 'Filler', task: 'start the lookup' } });
      yield 'One moment, I am looking at the calendar.';
      turn.queueAgentState('thinking');
      await new Promise((resolve) => setTimeout(resolve, THINKING_MS));
      turn.begin({ metadata: { title: 'Answer' } });
      yield 'There is a free slot on Thursday.';
    },
  });
}
