/** From the page to the worklet. */
export type ReporterCommand =
  /** Search for a sound whose first sample is in this window. */
  | {
      readonly type: 'search';
      readonly searchId: number;
      readonly sound: Int8Array;
      readonly fromFrame: number;
      readonly toFrame: number;
      /**
       * The best match in the whole window is taken, and of places that are alike the nearest to this frame: a piece inside a
       * vowel may match at several places in a row. `undefined`: the first match whose correlation makes it certain.
       */
      readonly expectedFrame: number | undefined;
    }
  /** Stop a search. It sends no finding. */
  | { readonly type: 'cancel'; readonly searchId: number }
  /** Stop the worklet. */
  | { readonly type: 'dispose' };

/** The name under which the reporter's processor is registered. */
export const REPORTER_PROCESSOR = 'oncue-reporter';
