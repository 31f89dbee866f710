/** The topic on which the agent sends what happens. */
export const EVENTS_TOPIC = 'bench.events';

export const LISTENER = 'listener';

/** Long enough for something to happen in its middle: about 15 s. */
export const SPEECH =
  'The next train to the harbour leaves at nine from the platform on your left. There is some rain on the way, so take an ' +
  'umbrella, or wait until noon. Your parcel went out this morning and should be with you before the weekend. I found three ' +
  'tables for tonight, and the one by the window is the quiet one.';

/** What an agent sends of itself. */
export type AgentNote =
  | { readonly what: 'started'; readonly pid: number; readonly evidence: string }
  | {
      readonly what: 'finished';
      readonly pid: number;
      readonly outcome: string;
      readonly evidence: string;
    }
  | { readonly what: 'skipped'; readonly pid: number; readonly reason: string };
