import type { RemoteParticipant } from '@livekit/rtc-node';
import type { InternalFact } from '../internal_fact.ts';

/**
 * The attribute of a participant that publishes for an agent, such as an avatar worker. LiveKit links no session to one,
 * and Oncue takes no reports from it. Nothing in a session shows the attribute's name, so only the contract test notices
 * when it changes.
 */
export const PUBLISHES_FOR_AGENT: InternalFact = {
  name: 'ATTRIBUTE_PUBLISH_ON_BEHALF',
  source: 'constants.ts',
  lost: "an avatar worker counts as a listener for the audiences 'any' and 'all'",
};

const PUBLISH_ON_BEHALF = 'lk.publish_on_behalf';

/** Whether a participant publishes for an agent. */
export function publishesForAgent({ attributes }: RemoteParticipant): boolean {
  return attributes?.[PUBLISH_ON_BEHALF] !== undefined;
}
