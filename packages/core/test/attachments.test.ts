import { expect, it } from 'vitest';
import { isOfAnother, noteAttachment } from '../src/application/attachments.ts';

it('[AH9] only what is known to belong to another session is refused', () => {
  const [oncue, session, other] = [{}, {}, {}];
  noteAttachment(oncue, session);

  expect(isOfAnother(oncue, session)).toBe(false);
  expect(isOfAnother(oncue, other)).toBe(true);
  expect(isOfAnother({}, other)).toBe(false);
});
