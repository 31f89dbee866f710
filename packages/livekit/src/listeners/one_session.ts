import { OncueError } from '@oncue/core';

/** One session a listener: opened again, it would report to the new session only. @throws OncueError `ONCUE_BAD_OPTION`. */
export function assertUnused(listener: object, isOpen: boolean): void {
  if (!isOpen) return;
  const { name } = listener.constructor;
  throw new OncueError(
    'ONCUE_BAD_OPTION',
    `this ${name} serves another session; make a new one for each session`,
  );
}
