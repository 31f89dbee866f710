// Tests for SPEC.md, LK24: values that code started from here finds, all in one storage.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AsyncContext } from '../../src/agent/async_context.ts';

describe('a value of the async context', () => {
  it('[LK24] is found by what was started with it, beside the others', async () => {
    const one = new AsyncContext<string>('test one');
    const other = new AsyncContext<string>('test other');
    const found = await one.run('a', () =>
      other.run('b', async () => {
        await eventLoopTurn();
        return [one.getStore(), other.getStore()];
      }),
    );
    expect(found).toEqual(['a', 'b']);
    expect(one.getStore()).toBeUndefined();
  });

  it('[LK24] that is entered holds for the rest of the run only', async () => {
    const one = new AsyncContext<string | undefined>('test entered');
    const run = async (): Promise<unknown> => {
      one.enterWith('a');
      const before = one.getStore();
      one.enterWith(undefined);
      await eventLoopTurn();
      return [before, one.getStore()];
    };
    expect(await run()).toEqual(['a', undefined]);
  });

  it('[LK24] is one of many in a single storage of Node', () => {
    const created: unknown[] = [];
    const { run } = AsyncLocalStorage.prototype;
    AsyncLocalStorage.prototype.run = function (this: unknown, ...args: unknown[]) {
      created.push(this);
      return Reflect.apply(run, this, args);
    } as typeof run;
    try {
      new AsyncContext<number>('test 1').run(1, () => {});
      new AsyncContext<number>('test 2').run(2, () => {});
    } finally {
      AsyncLocalStorage.prototype.run = run;
    }
    expect(new Set(created).size).toBe(1);
  });
});
