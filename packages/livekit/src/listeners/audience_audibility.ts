import type { AgentMs, Audibility } from '@oncue/core';
import type { AudiencePresence } from './listener_device.ts';

/** From the one that hears least to the one that hears. */
const ORDER: readonly Audibility[] = ['nobody', 'silent', 'muted', 'listening'];

/** Who is there. */
export interface Attendance {
  /** Those that report, and are there. */
  readonly reporting: readonly { readonly audibility: Audibility }[];
  /** By the device's word, of those that do not report; `undefined` if it says nothing. */
  readonly presence: AudiencePresence | undefined;
  /** With several: whether one must hear, or all. */
  readonly quorum: 'any' | 'all';
  /** Somebody may be absent. */
  readonly comesAndGoes: boolean;
}

/**
 * Who can hear. One that reports is believed; with several, the one counts that decides whether a response is heard. Of
 * those that do not report, a subscription is all that is known.
 */
export function audibilityOf({
  reporting,
  presence,
  quorum,
  comesAndGoes,
}: Attendance): Audibility {
  const ranks = reporting.map(({ audibility }) => ORDER.indexOf(audibility));
  if (ranks.length > 0) {
    const rank = quorum === 'all' ? Math.min(...ranks) : Math.max(...ranks);
    return ORDER[rank] ?? 'nobody';
  }
  if (presence !== undefined) return presence === 'present' ? 'listening' : 'nobody';
  return comesAndGoes ? 'nobody' : 'listening';
}

/**
 * Since when nothing is known of what counts as heard, since pings are not answered; `undefined` if they are. One listener
 * that answers is enough, unless all have to hear it.
 */
export function unansweredSince(
  connections: Iterable<{ readonly isHere: boolean; readonly unknownSinceMs: AgentMs | undefined }>,
  quorum: 'any' | 'all',
): AgentMs | undefined {
  const here = [...connections].filter(({ isHere }) => isHere);
  const sinceMs = here.flatMap(({ unknownSinceMs }) => unknownSinceMs ?? []);
  if (sinceMs.length === 0 || (quorum === 'any' && sinceMs.length < here.length)) return undefined;
  return (quorum === 'all' ? Math.min(...sinceMs) : Math.max(...sinceMs)) as AgentMs;
}
