'use client';

import type { AgentHeardState } from '@oncue/browser/captions';
import { useSyncExternalStore } from 'react';
import { useStore } from './store_context.ts';

/**
 * What the agent is doing, as the user perceives it: `speaking` while it sounds in this page, without a round trip. The
 * other states are LiveKit's. `undefined` while no agent is there.
 */
export function useAgentHeardState(): AgentHeardState | undefined {
  const store = useStore();
  return useSyncExternalStore(
    store.subscribe,
    () => store.agentState,
    () => undefined,
  );
}
