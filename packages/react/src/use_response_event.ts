'use client';

import type { CaptionEvents } from '@oncue/browser/captions';
import { useEffect, useRef } from 'react';
import { useStore } from './store_context.ts';

/** Calls `handler` for each event of a type while mounted. The handler of the latest render is called, so it may be inline. */
export function useResponseEvent<T extends keyof CaptionEvents>(
  type: T,
  handler: CaptionEvents[T],
): void {
  const store = useStore();
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => {
    const call = (value: never): void => (latest.current as (value: never) => void)(value);
    return store.on(type, call as CaptionEvents[T]);
  }, [store, type]);
}
