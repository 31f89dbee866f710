'use client';

import type { HeardResponse } from '@oncue/browser/captions';
import { useSyncExternalStore } from 'react';
import { NO_RESPONSES } from './room_store.ts';
import { useStore } from './store_context.ts';

/**
 * The agent's responses, the latest 50, in their order. Renders again when one becomes known, changes or ends; and for each
 * word while `useHeardCaption` or `usePlayhead` is mounted.
 */
export function useResponses(): readonly HeardResponse[] {
  const store = useStore();
  return useSyncExternalStore(
    store.subscribe,
    () => store.responses,
    () => NO_RESPONSES,
  );
}

/** One response; `undefined` if the page does not know it. Renders again only when that one changes. */
export function useResponse(id: string | undefined): HeardResponse | undefined {
  const store = useStore();
  return useSyncExternalStore(
    store.subscribe,
    () => store.responses.find((one) => one.id === id),
    () => undefined,
  );
}
