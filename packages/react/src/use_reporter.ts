'use client';

import type { AudioError, ReporterState } from '@oncue/browser/reporter';
import { useCallback, useSyncExternalStore } from 'react';
import { useStore } from './store_context.ts';

/** The reporter of the room, as a component needs it. */
export interface PageReporter {
  /** `blocked`: the browser wants a click; show a button that calls `start`. */
  readonly state: ReporterState;
  /** The latest error, if there was one. `device_not_started` is gone once the page listens. */
  readonly error: AudioError | undefined;
  /** Asks the browser for sound. Call it in a click. */
  readonly start: () => Promise<void>;
}

/** State, error and start of the reporter of the room. */
export function useReporter(): PageReporter {
  const store = useStore();
  const state = useSyncExternalStore<ReporterState>(
    store.subscribe,
    () => store.reporterState,
    () => 'waiting',
  );
  const error = useSyncExternalStore(
    store.subscribe,
    () => store.error,
    () => undefined,
  );
  const start = useCallback(() => store.start(), [store]);
  return { state, error, start };
}
