import type { SkipReason } from '@oncue/core';

/** Why a response was never heard, in words. */
export const WHY_SKIPPED: Readonly<Record<SkipReason, string>> = {
  no_text: 'it had no text',
  no_audio: 'its speech synthesis gave no audio',
  cut: 'the turn was cut before it began',
  failed: 'its speech synthesis failed',
  not_played: 'the turn ended before it began',
  closed: 'the session was closed',
};

export function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** With its sign, and the typographic minus, which is as wide as the plus. */
export function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  const isZero = Number(text) === 0;
  return `${isZero ? '' : value < 0 ? '\u2212' : '+'}${text}`;
}

export function signedMs(ms: number): string {
  return `${signed(ms, 1)} ms`;
}
