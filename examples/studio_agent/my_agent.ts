import type { llm, voice } from '@livekit/agents';
import { type AgentTurn, OncueAgent } from '@oncue/livekit';
import type { ScenarioInfo } from '@oncue/studio';
import { MENU } from './menu.ts';

/** Buttons on Studio's page. */
export const scenarios: readonly ScenarioInfo[] = [
  { name: 'order', title: 'Order a flat white', ask: 'A flat white, please.' },
  { name: 'unknown', title: 'Order what there is not', ask: 'A hot chocolate, please.' },
];

/** Takes an order: confirms it at once, and tells the price when the till has answered. */
class Barista extends OncueAgent {
  protected override async *respond(turn: AgentTurn, chatCtx: llm.ChatContext) {
    const asked = lastQuestion(chatCtx);
    const drink = Object.keys(MENU).find((name) => asked.includes(name));
    if (drink === undefined) {
      turn.begin({ metadata: { title: 'Menu' } });
      yield `We have ${Object.keys(MENU).join(', ')}. What can I get you?`;
      return;
    }
    // The machine starts when the guest hears about it, not before.
    turn.begin({
      metadata: { title: 'Confirmation', task: 'start the machine' },
      onPlaybackStarted: () => startMachine(drink),
    });
    yield `One ${drink}, coming up.`;

    turn.queueAgentState('thinking');
    const cents = await askTill(drink);

    turn.begin({ metadata: { title: 'Price', task: 'show the total' } });
    yield `That is ${Math.floor(cents / 100)} euros ${cents % 100}.`;
  }
}

/** Studio calls this for every run. */
export function createAgent(): voice.Agent {
  return new Barista({ instructions: 'You take orders in a coffee bar.' });
}

/** The drinks that the machine has started. */
const begun: string[] = [];

function startMachine(drink: string): void {
  begun.push(drink);
}

async function askTill(drink: string): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 400));
  return MENU[drink] ?? 0;
}

function lastQuestion(chatCtx: llm.ChatContext): string {
  const last = chatCtx.items
    .filter((item) => item.type === 'message' && item.role === 'user')
    .at(-1);
  return last?.type === 'message' ? (last.textContent ?? '').toLowerCase() : '';
}
