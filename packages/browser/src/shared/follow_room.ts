import type { Room, RoomEventCallbacks } from 'livekit-client';

/** Follows events of a room. @returns A function that ends it. */
export function followRoom(room: Room, handlers: Partial<RoomEventCallbacks>): () => void {
  const all = Object.entries(handlers) as [keyof RoomEventCallbacks, () => void][];
  for (const [type, handler] of all) room.on(type, handler);
  return () => {
    for (const [type, handler] of all) room.off(type, handler);
  };
}
