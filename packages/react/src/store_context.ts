import { type Context, createContext, useContext } from 'react';
import { HookError } from './hook_error.ts';
import type { RoomStore } from './room_store.ts';

export const StoreContext: Context<RoomStore | undefined> = createContext<RoomStore | undefined>(
  undefined,
);

/** @throws HookError `no_provider` outside of an `OncueProvider`. */
export function useStore(): RoomStore {
  const store = useContext(StoreContext);
  if (!store)
    throw new HookError(
      'no_provider',
      'put <OncueProvider room={room}> around what uses this hook',
    );
  return store;
}
