'use client';

import type { ReachedMark } from '@oncue/browser/captions';
import { useEffect, useRef } from 'react';
import { useStore } from './store_context.ts';

/**
 * Calls `handler` while mounted for each mark that is reached in this page. The handler of the latest render is called, so it
 * may be inline. The agent must allow it: `shareWithPage: { marks: true }`.
 */
export function useResponseMark(handler: (mark: ReachedMark) => void): void {
  const store = useStore();
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => store.onMark((mark) => latest.current(mark)), [store]);
}
