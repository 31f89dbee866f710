import type { HeardCaption } from '@oncue/react';
import { useEffect, useState } from 'react';

/** A part of the text that has passed, and whether this page was muted meanwhile. */
export interface PassedPart {
  /** The offset of its first character. */
  readonly at: number;
  readonly text: string;
  readonly wasMuted: boolean;
}

/**
 * What has passed of a response that plays, in parts. Words pass while the page is muted, too; the agent says only in the
 * end which of them nobody could hear.
 */
export function usePassedParts(
  { response, spoken, current }: HeardCaption,
  isMuted: boolean,
): readonly PassedPart[] {
  const id = response?.status === 'playing' ? response.id : undefined;
  const [muted, setMuted] = useState<{ readonly id?: string; readonly spans: readonly Span[] }>({
    spans: [],
  });
  const from = spoken.length;
  // The word in which the page is muted, or is not any more, was not heard whole.
  const to = from + current.length;
  useEffect(() => {
    if (id === undefined || !isMuted) return;
    setMuted((before) => withSpan(before.id === id ? before.spans : [], { id, from, to }));
  }, [id, isMuted, from, to]);
  return id === undefined || muted.id !== id
    ? [{ at: 0, text: spoken, wasMuted: false }]
    : partsOf(spoken, muted.spans);
}

/** From a character to another one. */
type Span = readonly [from: number, to: number];

/** The spans with one more, which goes on from the last one if it touches it. */
function withSpan(
  spans: readonly Span[],
  { id, from, to }: { readonly id: string; readonly from: number; readonly to: number },
): { readonly id: string; readonly spans: readonly Span[] } {
  const last = spans.at(-1);
  if (last && from <= last[1]) return { id, spans: [...spans.slice(0, -1), [last[0], to]] };
  return { id, spans: [...spans, [from, to]] };
}

function partsOf(text: string, spans: readonly Span[]): readonly PassedPart[] {
  const parts: PassedPart[] = [];
  let at = 0;
  for (const [from, to] of spans) {
    parts.push({ at, text: text.slice(at, from), wasMuted: false });
    parts.push({ at: from, text: text.slice(from, to), wasMuted: true });
    at = to;
  }
  parts.push({ at, text: text.slice(at), wasMuted: false });
  return parts.filter((part) => part.text !== '');
}
