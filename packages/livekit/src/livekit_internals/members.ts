/** What a member of one of LiveKit's objects must be. With `?` it may be missing, as it is in some tested versions. */
type MemberType =
  | 'function'
  | 'boolean'
  | 'number'
  | 'string'
  | 'object'
  | 'promise'
  | 'array?'
  | 'number?'
  /** There and readable, whatever its value. */
  | 'any';

/** The members of one of LiveKit's objects that Oncue uses. */
export interface Shape {
  readonly [member: string]: MemberType | Shape;
}

/** A member that cannot be read is as good as none. Never throws. */
export function memberOf(target: unknown, name: string): unknown {
  try {
    return (target as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}

/**
 * The first member of an object that is not as Oncue knows it, as a path from that object. Never throws.
 *
 * @returns `undefined` if all are.
 */
export function lackOf(target: unknown, shape: Shape): string | undefined {
  for (const [name, wanted] of Object.entries(shape)) {
    if (typeof wanted === 'string') {
      if (!isA(target, name, wanted)) return name;
      continue;
    }
    const lack = lackOf(memberOf(target, name), wanted);
    if (lack !== undefined) return `${name}.${lack}`;
  }
  return undefined;
}

function isA(target: unknown, name: string, wanted: MemberType): boolean {
  if (wanted === 'any') return isReadable(target, name);
  const value = memberOf(target, name);
  switch (wanted) {
    case 'object':
      return typeof value === 'object' && value !== null;
    case 'promise':
      return value instanceof Promise;
    case 'array?':
      return value === undefined || Array.isArray(value);
    case 'number?':
      return value === undefined || typeof value === 'number';
    default:
      return typeof value === wanted;
  }
}

function isReadable(target: unknown, name: string): boolean {
  if (typeof target !== 'object' || target === null || !(name in target)) return false;
  try {
    Reflect.get(target, name);
    return true;
  } catch {
    return false;
  }
}

/** Whether `replaceMembers` can replace a member. Never throws. */
export function canReplace(target: unknown, name: string): boolean {
  try {
    const own = Object.getOwnPropertyDescriptor(target, name);
    return own ? own.configurable === true : Object.isExtensible(target);
  } catch {
    return false;
  }
}

/** For a result of LiveKit that Oncue does not use: a promise that is rejected is then no unhandled rejection. */
export function ignoreRejection(result: unknown): void {
  if (result instanceof Promise) result.catch(() => {});
}

/** A member of one of LiveKit's objects, and what takes its place. */
type Replacement = readonly [target: object, name: string, by: PropertyDescriptor];

/**
 * Replaces members of LiveKit's objects: all of them, or none if one cannot be replaced.
 *
 * @returns Puts back what was there.
 * @throws TypeError if one cannot be replaced.
 */
export function replaceMembers(replacements: readonly Replacement[]): () => void {
  const undo: (() => void)[] = [];
  const undoAll = (): void => {
    for (const one of undo.reverse()) one();
  };
  try {
    for (const [target, name, by] of replacements) {
      const before = Object.getOwnPropertyDescriptor(target, name);
      const writable = 'value' in by ? { writable: true } : {};
      Object.defineProperty(target, name, { configurable: true, ...writable, ...by });
      undo.push(() => {
        if (before) Object.defineProperty(target, name, before);
        else Reflect.deleteProperty(target, name);
      });
    }
  } catch (error) {
    undoAll();
    throw error;
  }
  return undoAll;
}
