import type { OncueSession } from './oncue_session.ts';

/** Which session each `OncueSession` is attached to. */
const attachments = new WeakMap<object, object>();

/** Notes what `attachOncue` returns. */
export function noteAttachment(oncue: OncueSession, session: object): void {
  attachments.set(oncue, session);
}

/** Whether something is known to be attached to another session than this one. */
export function isOfAnother(oncue: object, session: object): boolean {
  return (attachments.get(oncue) ?? session) !== session;
}
