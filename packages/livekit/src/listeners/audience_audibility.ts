import type { AgentMs, Audibility, Listeners } from '@oncue/core';
import type { AudiencePresence } from './listener_device.ts';

/** From the one that certainly hears nothing to the one that hears. Of one that is silent nobody knows. */
const ORDER: readonly Audibility[] = ['nobody', 'muted', 'silent', 'listening'];

/** What a listener that reports hears. */
interface Hearing {
  readonly audibility: Audibility;
  /** Since when it is so. */
  readonly hearsSoSinceMs: AgentMs;
}

/** Who is there. */
export interface Attendance {
  /** Those that report, and are there. */
  readonly reporting: readonly Hearing[];
  /** How many are there that do not report. */
  readonly others: number;
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
  others,
  presence,
  quorum,
  comesAndGoes,
}: Attendance): Audibility {
  const ranks = reporting.map(({ audibility }) => ORDER.indexOf(audibility));
  if (ranks.length > 0) {
    const rank = quorum === 'all' ? Math.min(...ranks) : Math.max(...ranks);
    const audibility = ORDER[rank] ?? 'nobody';
    // One that reports says nothing of one that does not, and that counts as listening, as it does alone.
    return quorum === 'any' && others > 0 && audibility === 'muted' ? 'listening' : audibility;
  }
  if (presence !== undefined) return presence === 'present' ? 'listening' : 'nobody';
  return comesAndGoes ? 'nobody' : 'listening';
}

/**
 * Since when it is so, if one of them has changed at an instant. Where one is enough, nobody hears any more since the last of them
 * does not, whoever says so last; where all must hear, they do since the last of them does.
 */
export function sinceOf(
  { reporting, quorum }: Attendance,
  { before, now, changedAtMs }: { before: Audibility; now: Audibility; changedAtMs: AgentMs },
): AgentMs {
  const isMore = ORDER.indexOf(now) > ORDER.indexOf(before);
  if (isMore === (quorum === 'any')) return changedAtMs;
  const instants = reporting.map(({ hearsSoSinceMs }) => hearsSoSinceMs);
  return Math.max(changedAtMs, ...instants) as AgentMs;
}

/** How many may hear, of whom what one reports says nothing of the others. Where all must have heard, one says so for all. */
export function listenersOf({ reporting, others, quorum }: Attendance): Listeners {
  return quorum === 'any' && reporting.length + others > 1 ? 'several' : 'one';
}

/** Where one is enough, a listener that cannot hear says nothing about what the others hear. */
export function isOutheard(
  { reporting, others, quorum }: Attendance,
  one: { readonly audibility: Audibility } | undefined,
): boolean {
  if (quorum === 'all' || one?.audibility === 'listening') return false;
  if (one?.audibility === 'muted' && others > 0) return true;
  return reporting.some(({ audibility }) => audibility === 'listening');
}

/** What is known of a listener that reports. */
interface Answering {
  readonly isHere: boolean;
  readonly audibility: Audibility;
  readonly unknownSinceMs: AgentMs | undefined;
}

/**
 * Since when nothing is known of what counts as heard, since pings are not answered; `undefined` if they are. One listener
 * that answers and may hear is enough, unless all have to hear it.
 */
export function unansweredSince(
  connections: Iterable<Answering>,
  quorum: 'any' | 'all',
): AgentMs | undefined {
  const all = [...connections].filter(({ isHere }) => isHere);
  const mayHear = quorum === 'any' ? all.filter(({ audibility }) => audibility !== 'muted') : [];
  const here = mayHear.length > 0 ? mayHear : all;
  const sinceMs = here.flatMap(({ unknownSinceMs }) => unknownSinceMs ?? []);
  if (sinceMs.length === 0 || (quorum === 'any' && sinceMs.length < here.length)) return undefined;
  return (quorum === 'all' ? Math.min(...sinceMs) : Math.max(...sinceMs)) as AgentMs;
}
