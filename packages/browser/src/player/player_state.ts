/** The state of a player. */
export type PlayerState =
  /** `start` was not called yet, or the audio has failed (see the `error` event). The socket may already be open. */
  | 'idle'
  /** Waits for the agent. After a lost connection it reconnects by itself. */
  | 'connecting'
  /** The browser does not let the page make sound: call `start` again in a click. */
  | 'blocked'
  /** Connected and audible. The agent knows that this page listens. */
  | 'listening'
  /** Connected, but the audio device stands still: a phone call, a sleeping laptop. Resumes by itself. */
  | 'away'
  /** Another page listens now. `start` makes this one listen again. */
  | 'replaced'
  /** `close` was called, or the agent's session has ended. Final. */
  | 'closed';

/** What the user asked for, or a final result. */
export type PlayerWish = 'idle' | 'playing' | 'replaced' | 'closed';

/** Facts from which the state of a player follows. */
export interface PlayerFacts {
  readonly wish: PlayerWish;
  /** The agent is connected, and there is an output at its sample rate. */
  readonly hasOutput: boolean;
  /** The audio context says that it runs. */
  readonly outputRuns: boolean;
  /** The worklet renders, and the output's clock is known. */
  readonly isPlaying: boolean;
  readonly hasRendered: boolean;
  /** What the browser said when `start` was called: `undefined` if it does not say. */
  readonly maySound: boolean | undefined;
  /** The browser may just need a moment more. */
  readonly justStarted: boolean;
}

/** Derives the state of a player. Pure. */
export function playerStateOf(facts: PlayerFacts): PlayerState {
  if (facts.wish !== 'playing') return facts.wish;
  if (!facts.hasOutput) return 'connecting';
  if (facts.outputRuns && facts.isPlaying) return 'listening';
  if (facts.hasRendered) return 'away';
  if (facts.outputRuns) return 'connecting';
  return (facts.maySound ?? facts.justStarted) ? 'connecting' : 'blocked';
}
