import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NAMED_MUTANTS } from '../mutation/named/all.mjs';
import { inRepository, read } from './support/repository.ts';

// The run of all of them takes minutes, so a change of core would be seen late.
it('each named mutant is a change of code that is there, once', () => {
  const gone = NAMED_MUTANTS.filter(({ file, from }) => {
    const path = `packages/core/src/${file}`;
    return !existsSync(inRepository(path)) || read(path).split(from).length !== 2;
  });
  expect(gone.map(({ name, file }) => `${file}: ${name}`)).toEqual([]);
});
