'use client';

import type { CaptionOptions } from '@oncue/browser/captions';
import type { ReporterOptions } from '@oncue/browser/reporter';
import type { Room } from 'livekit-client';
import { createElement, type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { storeOf } from './room_store.ts';
import { StoreContext } from './store_context.ts';

/** Options of the reporter and of captions, for the room. They are read when the room is first attached. */
export interface OncueProviderProps extends ReporterOptions, CaptionOptions {
  /** With `@livekit/components-react`: `session.room`, or what `useRoomContext` gives. */
  readonly room: Room;
  readonly children?: ReactNode;
}

/**
 * Attaches Oncue's reporter to a room for as long as it is mounted, and gives the hooks below it what the page hears.
 * Several providers of one room share one reporter.
 */
export function OncueProvider({ room, children, ...options }: OncueProviderProps): ReactElement {
  const store = storeOf(room);
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => store.use(latest.current), [store]);
  return createElement(StoreContext.Provider, { value: store }, children);
}
