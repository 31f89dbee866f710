import type { WorkletCommand } from '../../src/player/worklet/player_commands.ts';

/** Done when the rendering has come to a frame: samples written, a command given. */
export interface OfflineStep {
  /** A multiple of 128. */
  readonly atFrame: number;
  readonly write?: readonly number[];
  readonly command?: WorkletCommand;
}

export interface OfflineRender {
  /** What came out, as 16 bit values. */
  readonly output: readonly number[];
  /** The mailbox after each step. */
  readonly mailboxes: readonly (readonly number[])[];
}
