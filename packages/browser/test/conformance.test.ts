// Tests for SPEC.md, "Protocol": the reporter against the vectors that programs of others are tested with.
import { expect, it } from 'vitest';
import { questions } from '../../../conformance/src/vectors.ts';
import { REPORTER_END } from './support/conformance_end.ts';

it.each(questions(['search', 'reporter']))('[PC1] $kind: $name', ({ kind, input, problems }) => {
  const answer = REPORTER_END[kind as keyof typeof REPORTER_END](input as never);

  expect(problems(answer)).toEqual([]);
});
