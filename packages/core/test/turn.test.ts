// Tests for SPEC.md, "Responses": what a generator may call, in which order, and until when.
import { describe, expect, it } from 'vitest';
import type { TimelineInput, Turn } from '../src/index.ts';
import { Stage } from './support/stage.ts';

/** A turn, and the inputs that the timeline has taken. */
function recorded(): { readonly turn: Turn; readonly inputs: TimelineInput[]; stage: Stage } {
  const inputs: TimelineInput[] = [];
  const stage = new Stage({ record: (input) => void inputs.push(input) });
  return { stage, turn: stage.openTurn(), inputs };
}

describe('the open response', () => {
  it('[RS1] is the last one that was begun, until its text ends', () => {
    const { turn } = recorded();
    const seen = [turn.current];
    const first = turn.begin();
    seen.push(turn.current);
    turn.endResponse();
    seen.push(turn.current);
    const second = turn.addText('More.');
    seen.push(turn.current);
    turn.queueAgentState('thinking');
    seen.push(turn.current);

    expect(seen).toEqual([undefined, first, undefined, second, undefined]);
  });

  it('[RS1] a mark outside a response begins an implicit one', () => {
    const { stage, turn } = recorded();
    turn.mark('start');

    expect(stage.events.only('response_declared').implicit).toBe(true);
  });

  it('[RS1] a piece of an answer without text opens a response too, and is no input', () => {
    const { turn, inputs } = recorded();
    turn.addText('');
    turn.addText('Hello.');

    const added = inputs.flatMap((input) => (input.type === 'text_added' ? [input.text] : []));
    expect(turn.current?.index).toBe(0);
    expect(added).toEqual(['Hello.']);
  });
});

describe('the end of a turn', () => {
  it('[RS6] what is called too late throws an error that names it, and says where to call it', () => {
    const { turn } = recorded();
    turn.close();

    const late: readonly [string, () => void][] = [
      ['begin a response', () => turn.begin()],
      ['queue the state "thinking"', () => turn.queueAgentState('thinking')],
      ['place a mark', () => turn.mark('end')],
      ['add text', () => turn.addText('More.')],
    ];
    for (const [what, call] of late) {
      const message = `cannot ${what}: turn turn_1 has ended; call it inside the generator, before it returns`;
      expect(call).toThrow(expect.objectContaining({ code: 'ONCUE_TURN_ENDED', message }));
    }
  });

  it('[SQ5] a state that LiveKit does not know is refused with the names of those it knows', () => {
    const { turn } = recorded();

    expect(() => turn.queueAgentState('dancing' as never)).toThrow(
      /^"dancing" is not an agent state; use one of .*listening, thinking/,
    );
  });

  it('[RS6] a generator that was interrupted may run to its end, and still declare', () => {
    const { turn, inputs } = recorded();
    turn.abandon();
    turn.close();

    expect(() => turn.addText('Never heard.')).not.toThrow();
    expect(inputs.filter(({ type }) => type === 'turn_closed')).toHaveLength(1);
  });

  it('[RS6] a turn that ended by itself stays so, however often its end is told', () => {
    const { turn, inputs } = recorded();
    turn.close();
    turn.abandon();
    turn.close();

    expect(() => turn.addText('More.')).toThrow();
    expect(inputs.filter(({ type }) => type === 'turn_closed')).toHaveLength(1);
  });
});

it('[RS10] a turn whose text was shown says so; one that only ended was not', () => {
  const { turn, inputs } = recorded();
  turn.end();
  turn.end(undefined, true);

  expect(inputs.slice(-2).map((input) => 'isWritten' in input)).toEqual([false, true]);
});

it('[TR2] what a turn declares is the same after it was written and read: nothing is there without a value', () => {
  const { turn, inputs } = recorded();
  turn.begin();
  turn.begin({ metadata: { card: 1 } });
  turn.addText('Hello.');
  turn.queueAgentState('thinking');
  turn.mark('end');
  turn.close();
  turn.goLive();
  turn.end();
  turn.end('user_speech', true);

  expect(inputs.length).toBeGreaterThan(8);
  for (const input of inputs) expect(JSON.parse(JSON.stringify(input))).toStrictEqual(input);
});
