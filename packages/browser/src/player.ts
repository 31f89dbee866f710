import type { Player, PlayerOptions } from './player_api.ts';

/** Connects to an agent. Sound comes once `start` was called. */
export function connectPlayer(options: PlayerOptions): Player {
  throw new TypeError(`not built yet: ${String(options.url)}`);
}
