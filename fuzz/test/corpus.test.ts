import { expect, it } from 'vitest';
import { readCorpus } from '../src/corpus.ts';
import { mutateBytes, mutateText } from '../src/mutate.ts';
import { Random } from '../src/random.ts';
import { bytesOf, promise } from '../src/target.ts';
import { TARGETS } from '../src/targets.ts';

it.each(TARGETS)('$name keeps its promise for every input of its corpus', (target) => {
  const corpus = readCorpus(target);

  expect(corpus.length).toBeGreaterThan(0);
  for (const input of corpus) expect(target.run(input), JSON.stringify(input)).toBeTypeOf('string');
});

it('a promise that is broken throws', () => {
  expect(() => promise('one is two', false)).toThrow('broken promise: one is two');
});

it('a seed changes an input in the same way each time', () => {
  const changed = () => {
    const random = new Random(7);
    const bytes = mutateBytes(bytesOf('abc'), bytesOf('xyz'), random);
    return [mutateText('{"v":1}', '[]', ['hello'], random), [...bytes]];
  };

  expect(changed()).toEqual(changed());
  expect(changed()).not.toEqual(['{"v":1}', [97, 98, 99]]);
});
