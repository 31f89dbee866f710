import { onTestFinished } from 'vitest';

/** What Oncue meets instead of a member of one of LiveKit's objects. */
export type Fault = 'absent' | 'throws when read' | 'of another type';

export const FAULTS: readonly Fault[] = ['absent', 'throws when read', 'of another type'];

const OURS = '/packages/livekit/src/';
const THIS_FILE = 'hide_member';

/**
 * Puts a fault in the place of a member, for Oncue only: LiveKit's own code goes on using what is there. Who reads it is
 * known from the call stack. Ends with the test.
 */
export function hideFromOncue(target: object, member: string, fault: Fault): void {
  const before = Object.getOwnPropertyDescriptor(target, member);
  const inherited = before ?? inheritedOf(target, member);
  let value: unknown = inherited?.value;
  Object.defineProperty(target, member, {
    configurable: true,
    get(this: object) {
      if (isOncue()) return instead(fault);
      return inherited?.get ? inherited.get.call(this) : value;
    },
    set(this: object, next: unknown) {
      if (inherited?.set) inherited.set.call(this, next);
      else value = next;
    },
  });
  onTestFinished(() => restore(target, member, before));
}

function restore(target: object, member: string, before: PropertyDescriptor | undefined): void {
  if (before) Object.defineProperty(target, member, before);
  else Reflect.deleteProperty(target, member);
}

/** Has a method throw where Oncue calls it. */
export function throwForOncue(target: object, member: string): void {
  const method: unknown = Reflect.get(target, member);
  if (typeof method !== 'function') throw new Error(`no method "${member}"`);
  const before = Object.getOwnPropertyDescriptor(target, member);
  Object.defineProperty(target, member, {
    configurable: true,
    writable: true,
    value(this: object, ...args: unknown[]) {
      if (isOncue()) throw new Error('injected');
      return Reflect.apply(method, this, args);
    },
  });
  onTestFinished(() => restore(target, member, before));
}

function instead(fault: Fault): unknown {
  if (fault === 'throws when read') throw new Error('injected');
  return fault === 'absent' ? undefined : Symbol('of another type');
}

function inheritedOf(target: object, member: string): PropertyDescriptor | undefined {
  const prototype: unknown = Object.getPrototypeOf(target);
  if (typeof prototype !== 'object' || prototype === null) return undefined;
  return Object.getOwnPropertyDescriptor(prototype, member) ?? inheritedOf(prototype, member);
}

/** Whether Oncue's code reads the member, or calls the method, that asks this. */
function isOncue(): boolean {
  const frames = (new Error('where').stack ?? '').split('\n').slice(1);
  const reader = frames.find(
    (frame) => !frame.includes(THIS_FILE) && !frame.includes('<anonymous>'),
  );
  return reader?.includes(OURS) ?? false;
}
