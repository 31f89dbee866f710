import type { Player, PlayerEvents } from '@oncue/browser';

/** Events of a player in the page. */
export interface PagePlayerEvents extends Omit<PlayerEvents, 'error'> {
  readonly error: (error: Error) => void;
}

/** What the page needs of a player, whether it plays from a socket of the studio or from a room. */
export interface PagePlayer extends Pick<Player, 'state' | 'context' | 'start' | 'close'> {
  setMuted(isMuted: boolean): void;
  on<T extends keyof PagePlayerEvents>(type: T, listener: PagePlayerEvents[T]): () => void;
}
