// Tests for SPEC.md, "Studio": what the command does when its terminal is gone.
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { surviveLostOutput } from '../src/cli.ts';

it('[ST34] a terminal that is gone is no error of the agent', () => {
  const stdout = new EventEmitter() as NodeJS.WriteStream & EventEmitter;
  surviveLostOutput([stdout]);

  expect(() => stdout.emit('error', new Error('write EPIPE'))).not.toThrow();
});
