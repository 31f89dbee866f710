/** The samples of a response in a ms. */
export const PER_MS = 24;

/** A stretch of a response that leaves the agent, and how long after that it is rendered. */
export interface Stretch {
  readonly id: string;
  readonly fromSample: number;
  readonly samples: number;
  readonly leavesAtMs: number;
  readonly delayMs: number;
}

/** The browser plays sound of its own: the packets of this time are lost, or come later and move all that follows. */
export interface Concealment {
  /** The first of the missing packets would be rendered then. */
  readonly fromMs: number;
  readonly forMs: number;
  readonly packets: 'lost' | 'late';
}

/** How many samples of it have left by then. */
function leftBy(one: Stretch, atMs: number): number {
  return Math.max(0, Math.min(one.samples, (atMs - one.leavesAtMs) * PER_MS));
}

/** The rest of a stretch, without its first samples. */
function after(one: Stretch, samples: number): Stretch {
  return {
    ...one,
    fromSample: one.fromSample + samples,
    samples: one.samples - samples,
    leavesAtMs: one.leavesAtMs + samples / PER_MS,
  };
}

/** What is rendered of these stretches if nothing that leaves in this time is. */
export function without(stretches: readonly Stretch[], fromMs: number, untilMs: number): Stretch[] {
  return stretches
    .flatMap((one) => [{ ...one, samples: leftBy(one, fromMs) }, after(one, leftBy(one, untilMs))])
    .filter(({ samples }) => samples > 0);
}

/** The same if the packets of this time come later. */
export function delayed(stretches: readonly Stretch[], fromMs: number, forMs: number): Stretch[] {
  return stretches
    .flatMap((one) => {
      const rest = after(one, leftBy(one, fromMs));
      return [
        { ...one, samples: leftBy(one, fromMs) },
        { ...rest, delayMs: rest.delayMs + forMs },
      ];
    })
    .filter(({ samples }) => samples > 0);
}

/** How long the browser has played the agent's packets by then, since `sinceMs`. */
export function playedMs(gaps: readonly Concealment[], sinceMs: number, atMs: number): number {
  let played = atMs - sinceMs;
  for (const { fromMs, forMs, packets } of gaps) {
    const gapMs = Math.max(0, Math.min(atMs - fromMs, forMs));
    if (packets === 'late' || gapMs < forMs) played -= gapMs;
  }
  return played;
}
