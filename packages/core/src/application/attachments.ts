/** Which session each `OncueSession` is attached to. */
const attachments = new WeakMap<object, object>();

/** Notes what `attachOncue` returns, so that whatever takes it together with a session can tell a mix-up. */
export function noteAttachment(oncue: object, session: object): void {
  attachments.set(oncue, session);
}

/** Whether something is known to be attached to another session than this one [AH9]. */
export function isOfAnother(oncue: object, session: object): boolean {
  return (attachments.get(oncue) ?? session) !== session;
}
