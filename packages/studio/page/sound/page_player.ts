import type { Player, PlayerEvents } from '@oncue/browser';

/** What the page needs of a player, whether it plays from a socket of the studio or from a room. */
export type PagePlayer = Pick<Player, 'state' | 'context' | 'start' | 'close' | 'on'>;

export type PagePlayerEvents = PlayerEvents;
