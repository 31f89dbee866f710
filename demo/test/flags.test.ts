import { expect, it } from 'vitest';
import { parseReplayFlags, parseStartFlags, UsageError } from '../src/flags.ts';

it('parses the flags of npm start', () => {
  expect(parseStartFlags([])).toEqual({ what: 'studio', args: [] });
  expect(parseStartFlags(['--port', '4611', '--no-open'])).toEqual({
    what: 'studio',
    args: ['--port', '4611', '--no-open'],
  });
  // The page itself tells to start with it.
  expect(parseStartFlags(['--openai'])).toEqual({ what: 'studio', args: ['--openai'] });
  expect(parseStartFlags(['--headless'])).toMatchObject({ what: 'terminal' });
  expect(parseStartFlags(['--trace', 'a', '--wav=b'])).toEqual({
    what: 'terminal',
    trace: 'a',
    wav: 'b',
  });
  expect(parseStartFlags(['--help'])).toMatchObject({ what: 'help' });
});

it('rejects an unknown flag, and names it', () => {
  expect(() => parseStartFlags(['--tracee', 'a'])).toThrow(
    new UsageError("Unknown option '--tracee'"),
  );
  expect(() => parseStartFlags(['file'])).toThrow(UsageError);
  expect(() => parseStartFlags(['--trace'])).toThrow(/--trace/);
  expect(() => parseStartFlags(['--wav='])).toThrow('--wav needs a file name');
  expect(() => parseStartFlags(['--headless', '--port', '1'])).toThrow(UsageError);
  expect(() => parseStartFlags(['--headless', '--openai'])).toThrow(UsageError);
});

it('replay takes exactly one file', () => {
  expect(parseReplayFlags(['run.jsonl'])).toEqual({ file: 'run.jsonl', help: false });
  expect(parseReplayFlags(['--help']).help).toBe(true);
  expect(() => parseReplayFlags([])).toThrow('replay needs one file, not 0');
  expect(() => parseReplayFlags(['a', 'b'])).toThrow('replay needs one file, not 2');
  expect(() => parseReplayFlags(['a', '--wav', 'b'])).toThrow(UsageError);
});
