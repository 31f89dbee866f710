import { afterEach, beforeEach } from 'vitest';

const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

let printed: string[] = [];

/**
 * Fails a test that prints.
 *
 * Output nobody asserts on hides real warnings. A test that expects a line replaces the method itself with
 * `vi.spyOn(console, 'warn').mockImplementation(() => {})` and asserts on the spy; the guard then sees nothing.
 */
beforeEach(() => {
  printed = [];
  for (const method of METHODS) {
    console[method] = (...args: unknown[]) => {
      printed.push(`console.${method}(${args.map(String).join(', ')})`);
    };
  }
});

afterEach(() => {
  if (printed.length === 0) return;
  const lines = printed.join('\n  ');
  printed = [];
  throw new Error(
    `this test printed; remove the output, or spy on the method and assert on it:\n  ${lines}`,
  );
});
