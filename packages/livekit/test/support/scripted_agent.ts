import { type AgentTurn, type LlmChunk, OncueAgent } from '../../src/index.ts';

/** What one turn yields and declares. */
export type Answer = (turn: AgentTurn) => AsyncIterable<LlmChunk>;

/** An agent that answers each turn with the next of its answers, and repeats the last one. */
export class ScriptedAgent extends OncueAgent {
  readonly #answers: readonly Answer[];
  #turnCount = 0;

  constructor(...answers: readonly Answer[]) {
    super({ instructions: '' });
    this.#answers = answers;
  }

  protected override respond(turn: AgentTurn): AsyncIterable<LlmChunk> {
    const answer = this.#answers[Math.min(this.#turnCount, this.#answers.length - 1)];
    this.#turnCount += 1;
    if (!answer) throw new Error('the script has no answer');
    return answer(turn);
  }
}

/** One response a text, with the state `thinking` between them. */
export function texts(...all: readonly string[]): Answer {
  return async function* (turn) {
    for (const [index, text] of all.entries()) {
      if (index > 0) turn.queueAgentState('thinking');
      turn.begin({ metadata: index });
      if (text !== '') yield text;
    }
  };
}
