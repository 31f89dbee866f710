import { millis } from './format.ts';
import type { ResponseView } from './response_view.ts';

/** Why a response was never heard, in words. */
const SKIP_WORDS: Readonly<Record<string, string>> = {
  no_text: 'it had no text',
  no_audio: 'it made no sound',
  cut: 'the turn was cut before',
  failed: 'its voice or model failed',
  not_played: 'it was thrown away',
  closed: 'the session ended',
};

/** What became of a response, in a few words. */
export function outcomeWords(response: ResponseView): string {
  const { outcome, cutBy, heardMs, sentMs, skipReason } = response;
  switch (outcome) {
    case 'waiting':
      return response.sent ? 'on its way' : response.written ? 'being written' : 'declared';
    case 'playing':
      return 'playing';
    case 'heard':
      return 'heard';
    case 'cut':
      return `cut by the ${cutBy ?? 'agent'} after ${millis(heardMs)} of ${millis(sentMs)}`;
    case 'failed':
      return `failed after ${millis(heardMs)}`;
    case 'skipped':
      return `never heard: ${SKIP_WORDS[skipReason ?? ''] ?? skipReason}`;
  }
}
