/** What happened since this was last emptied. */
export interface Tally {
  turns: number;
  declared: number;
  ended: number;
  tasks: number;
  started: number;
  /** Of each start, in ms: how far it was from the truth; in a room, where nothing is recorded, its bound. */
  errorsMs: number[];
}

export const emptyTally = (): Tally => ({
  turns: 0,
  declared: 0,
  ended: 0,
  tasks: 0,
  started: 0,
  errorsMs: [],
});
