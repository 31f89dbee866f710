import { expect, it } from 'vitest';
import { parseReplayFlags, parseStartFlags, UsageError } from '../src/flags.ts';

it('takes what npm start offers', () => {
  expect(parseStartFlags([])).toEqual({ trace: undefined, wav: undefined, help: false });
  expect(parseStartFlags(['--trace', 'a', '--wav=b', '--headless'])).toMatchObject({
    trace: 'a',
    wav: 'b',
  });
  expect(parseStartFlags(['--help']).help).toBe(true);
});

it('refuses what it does not know, and names it', () => {
  expect(() => parseStartFlags(['--tracee', 'a'])).toThrow(
    new UsageError("Unknown option '--tracee'"),
  );
  expect(() => parseStartFlags(['file'])).toThrow(UsageError);
  expect(() => parseStartFlags(['--trace'])).toThrow(/--trace/);
  expect(() => parseStartFlags(['--wav='])).toThrow('--wav needs the name of a file');
});

it('a replay takes one file and nothing else', () => {
  expect(parseReplayFlags(['run.jsonl'])).toEqual({ file: 'run.jsonl', help: false });
  expect(parseReplayFlags(['--help']).help).toBe(true);
  expect(() => parseReplayFlags([])).toThrow('a replay needs one file, and got 0');
  expect(() => parseReplayFlags(['a', 'b'])).toThrow('a replay needs one file, and got 2');
  expect(() => parseReplayFlags(['a', '--wav', 'b'])).toThrow(UsageError);
});
