import type { Player, PlayerEvents } from '@oncue/browser';

/** What the page needs of whatever plays the agent: a socket of the studio, or a room. */
export type PagePlayer = Pick<Player, 'state' | 'context' | 'start' | 'close' | 'on'>;

export type PagePlayerEvents = PlayerEvents;
