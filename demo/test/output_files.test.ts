import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { UsageError } from '../src/flags.ts';
import { assertCanSave, endWithReader, openForWriting } from '../src/output_files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'oncue-demo-'));

it('a file that cannot be written is rejected before the run, with the name of its flag', () => {
  const lost = path.join(folder, 'none', 'heard.wav');

  expect(() => assertCanSave(lost, '--wav')).toThrow(UsageError);
  expect(() => assertCanSave(folder, '--wav')).toThrow(/--wav cannot write .*: it is a directory/);
  expect(() => openForWriting(folder, '--trace')).toThrow(/--trace cannot write/);
  assertCanSave(path.join(folder, 'heard.wav'), '--wav');
});

it('a reader that closes the pipe ends the run without an error', () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
  const stream = new PassThrough();
  endWithReader(stream);

  stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  expect(exit).toHaveBeenCalledOnce();
  expect(() => stream.emit('error', new Error('disk full'))).toThrow('disk full');
  exit.mockRestore();
});
