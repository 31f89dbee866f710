/** Something inside `@livekit/agents` that is not part of its public API and that Oncue rests on. */
export interface InternalFact {
  /** Names it as a reader finds it in LiveKit's source. */
  readonly name: string;
  /** The file in LiveKit's `agents/src`. */
  readonly source: string;
  /** What Oncue does not do without it. A sentence that follows "Without it". */
  readonly lost: string;
  /** What else may be the reason, other than a change of LiveKit. It follows "Either". */
  readonly or?: string;
}
