// Tests for SPEC.md, "Protocol".
import { expect, it } from 'vitest';
import { CORE_END } from '../src/core_end.ts';
import { KINDS, questions, vectorFiles } from '../src/vectors.ts';

const OF_CORE = Object.keys(CORE_END);

it.each(questions(OF_CORE))('[PC1] $kind: $name', ({ kind, input, problems }) => {
  expect(problems(CORE_END[kind]?.(input as never))).toEqual([]);
});

it('[PC2] every file of vectors has its kind, and every kind its file', () => {
  expect(vectorFiles().sort()).toEqual(Object.keys(KINDS).sort());
});

it.each(questions())(
  '[PC2] $kind: "$name" fails for an answer that is nothing, and for an empty one',
  ({ problems }) => {
    expect(problems(undefined).length).toBeGreaterThan(0);
    expect(problems({}).length).toBeGreaterThan(0);
  },
);
