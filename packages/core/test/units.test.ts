// Instants, samples, and errors: what every part of core uses.
import { expect, it } from 'vitest';
import { messageOf } from '../src/errors.ts';
import { type AgentMs, OncueError } from '../src/index.ts';
import { addMs, earlierOf, laterOf, msToSamples, samplesToMs, unreachable } from '../src/units.ts';

const [early, late] = [100, 250] as [AgentMs, AgentMs];

it('instants of a clock can be moved and compared', () => {
  expect(addMs(early, 150)).toBe(late);
  expect([laterOf(early, late), laterOf(late, early), laterOf(late, late)]).toEqual([
    250, 250, 250,
  ]);
  expect([earlierOf(early, late), earlierOf(late, early)]).toEqual([100, 100]);
});

it('samples are ms by their rate, and ms the nearest number of samples', () => {
  expect(samplesToMs(12, 24_000)).toBe(0.5);
  expect(msToSamples(0.5, 24_000)).toBe(12);
  expect(msToSamples(1.06, 1000)).toBe(1);
  expect(msToSamples(1.5, 1000)).toBe(2);
});

it('a case that a switch does not know is named', () => {
  expect(() => unreachable('new' as never)).toThrow(new TypeError('unreachable: "new"'));
});

it('an error of Oncue has a name, a code and a cause', () => {
  const cause = new Error('why');
  const error = new OncueError('ONCUE_CLOSED', 'closed', { cause });

  expect(error).toMatchObject({
    name: 'OncueError',
    code: 'ONCUE_CLOSED',
    message: 'closed',
    cause,
  });
});

it('[TK3] whatever was thrown has a message', () => {
  const hostile = {
    toString: () => {
      throw new Error('no');
    },
  };

  expect(messageOf(new Error('it broke'))).toBe('it broke');
  expect(messageOf(Object.assign(new Error(), { message: 7 }))).toBe('7');
  expect(messageOf('text')).toBe('text');
  expect(messageOf(undefined)).toBe('undefined');
  expect(messageOf(hostile)).toBe('a value without a message was thrown');
});
