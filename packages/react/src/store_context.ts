import { type Context, createContext, useContext } from 'react';
import type { RoomStore } from './room_store.ts';

export const StoreContext: Context<RoomStore | undefined> = createContext<RoomStore | undefined>(
  undefined,
);

/** @throws Error outside of an `OncueProvider`. */
export function useStore(): RoomStore {
  const store = useContext(StoreContext);
  if (!store) throw new Error('put <OncueProvider room={room}> around what uses this hook');
  return store;
}
