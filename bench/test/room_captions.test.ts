import { describe, expect, it } from 'vitest';
import { nameOf } from '../src/room/arms.ts';
import { readOrders } from '../src/room/orders.ts';
import { compared } from '../src/room/report/compare_captions.ts';

describe('the benchmark "room" with --captions', () => {
  it('runs four times on each network, each with half of the responses and cuts', () => {
    const { arms, wish } = readOrders(['--captions', '--networks', 'clean,bad', '--cuts', '6']);

    const parts = ['off_1', 'on_1', 'on_2', 'off_2'];
    expect(arms.map(nameOf)).toEqual([
      ...parts.map((part) => `clean_${part}`),
      ...parts.map((part) => `bad_${part}`),
    ]);
    expect(wish).toEqual({ responses: 100, stockResponses: 50, cuts: 3 });
  });

  it('runs once on each network without', () => {
    const { arms, wish } = readOrders([]);

    expect(arms.map(nameOf)).toEqual(['clean', 'wan', 'bad']);
    expect(wish).toEqual({ responses: 200, stockResponses: 100, cuts: 34 });
  });

  it('draws no plot', () => {
    expect(() => readOrders(['--captions', '--svg'])).toThrow(
      expect.objectContaining({
        code: 'ERR_PARSE_ARGS_VALUE',
        message: '--svg draws one run of each network: leave out --captions',
      }),
    );
  });

  it('compares on with off, and the runs of one kind with each other', () => {
    const figures = { off_1: 10, on_1: 15, on_2: 14, off_2: 13 };

    expect(compared(({ captions, half }) => figures[`${captions}_${half}`])).toEqual({
      off: 11.5,
      on: 14.5,
      onMinusOff: 3,
      offSecondMinusFirst: 3,
      onSecondMinusFirst: -1,
    });
  });
});
