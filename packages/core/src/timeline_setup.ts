import type { Clock } from './clock.ts';
import type { OncueEvent, OncueEventOf } from './events.ts';
import type { TimelineOptions } from './options.ts';
import type { TimelineInput } from './step/inputs.ts';

/** What a timeline needs from outside, and what it reports to. */
export interface TimelineSetup {
  readonly clock: Clock;
  readonly options?: Partial<TimelineOptions>;
  /** Puts the agent in a state. Called before the listeners of `agent_state_applied`. */
  readonly applyState?: (event: OncueEventOf<'agent_state_applied'>) => void;
  /** Called after every input with the events that it caused. For traces. */
  readonly record?: (input: TimelineInput, events: readonly OncueEvent[]) => void;
}
