/** A part of a text that is not spoken. */
export interface SilentSpan {
  readonly start: number;
  readonly end: number;
  /** The pause that the markup requests, in ms; 0 if none. */
  readonly pauseMs: number;
}

/**
 * SSML and HTML tags (including an unfinished one at the end), comments, the address of a markdown link, keycaps and
 * emoji. Marks such as `**` need no span, since they contain nothing that is spoken.
 */
const SILENT = new RegExp(
  [
    '<!--.*?(?:-->|$)',
    '</?[A-Za-z][^<>]*>',
    '</?[A-Za-z][^<>]{0,200}$',
    String.raw`(?<=\])\([^()\s]*\)`,
    String.raw`[0-9#*]\uFE0F?\u20E3`,
    String.raw`\p{Extended_Pictographic}`,
  ].join('|'),
  'gsu',
);
/** A request for a pause. What it may hold: the amount of its time, and `m` if that is in ms. */
const BREAK = /^<break\b(?:[^>]*\btime\s*=\s*["']?([\d.]+)\s*(m?)s\b)?/i;
/** How long engines pause at a `<break/>` without a time. */
const BREAK_MS = 400;
/** Longer breaks are limited to this, as engines do. */
const MAX_BREAK_MS = 10_000;

/** The parts of a text that are not spoken, in order. */
export function silentSpans(text: string): readonly SilentSpan[] {
  return Array.from(text.matchAll(SILENT), ({ 0: span, index }) => ({
    start: index,
    end: index + span.length,
    pauseMs: breakMs(span),
  }));
}

/** The text with spaces in place of the parts that are not spoken, so that offsets stay the same. */
export function maskSilent(text: string): string {
  return text.replace(SILENT, (span) => ' '.repeat(span.length));
}

function breakMs(span: string): number {
  const found = BREAK.exec(span);
  if (!found) return 0;
  const [, amount, milli] = found;
  const ms = Number(amount) * (milli ? 1 : 1000);
  return Number.isNaN(ms) ? BREAK_MS : Math.min(ms, MAX_BREAK_MS);
}
