import { describe, expect, it } from 'vitest';
import { evidenceWords, outcomeWords, shortOutcomeWords } from '../page/model/response_words.ts';
import { TraceModelBuilder } from '../page/model/trace_model.ts';
import { firstResponseOf, oneResponse } from './support/one_response.ts';

describe('what a card says of a response', () => {
  it('[ST14] of a response that waits for a listener, or plays to none, the page says so, and how much was heard', () => {
    const { run, turn, id } = oneResponse('One two three');
    turn.close();
    run.send(id, ['One', 'two', 'three'], 1000);
    run.clock.advance(1000);
    run.heard(id, 1000);
    const live = new TraceModelBuilder();
    let taken = 0;
    const said = (): unknown => {
      for (const line of run.lines.slice(taken)) live.take(line);
      taken = run.lines.length;
      return live.model().responses.map(outcomeWords);
    };
    expect(said()).toEqual(['playing']);
    run.timeline.pause();
    expect(said()).toEqual(['paused']);
    run.timeline.audibilityChanged('nobody');
    expect(said()).toEqual(['paused, nobody listens, 1,000 ms known to be heard']);
    expect(shortOutcomeWords(firstResponseOf(run))).toBe('paused, nobody listens');
    run.timeline.resume();
    expect(said()).toEqual(['playing, nobody listens, 1,000 ms known to be heard']);
    run.timeline.audibilityChanged('listening');
    expect(said()).toEqual(['playing']);
  });

  it('[ST33] evidence and bound are those of the start, and the end has its own if it is known in another way', () => {
    const { run, turn, id } = oneResponse('One two three');
    turn.close();
    run.send(id, ['One', 'two', 'three'], 1000);
    run.clock.advance(1000);
    run.heard(id, 1000);
    expect(evidenceWords(firstResponseOf(run))).toBe('start device ±0.5 ms');
    run.timeline.listenerChanged(false);
    run.timeline.audibilityChanged('nobody');
    run.clock.advance(60_000);

    expect(evidenceWords(firstResponseOf(run))).toMatch(
      /^start device ±0\.5 ms, end estimate ±\d+\.\d ms$/,
    );
  });

  it('[ST33] an end that was measured like the start is not repeated', () => {
    const { run, turn, id } = oneResponse('One');
    turn.close();
    run.send(id, ['One'], 100);
    run.clock.advance(100);
    run.heard(id, 100, 'ended');

    const response = firstResponseOf(run);
    expect(evidenceWords(response)).toBe('start device ±0.5 ms');
    expect(response.end).toEqual({
      endedAtMs: run.clock.nowMs(),
      evidence: 'device',
      errorBoundMs: 0.5,
    });
  });
});
