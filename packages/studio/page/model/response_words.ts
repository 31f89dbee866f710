import { cutByText, SKIP_REASON_TEXT } from '@oncue/core/trace';
import { millis } from './format.ts';
import type { ResponseView } from './response_view.ts';

/** The outcome of a response in a few words. */
export function outcomeWords(response: ResponseView): string {
  const { outcome, heardMs, sentMs, skipReason } = response;
  switch (outcome) {
    case 'waiting':
      return response.sent
        ? 'sent, not heard yet'
        : response.written
          ? 'being written'
          : 'declared';
    case 'playing':
      return 'playing';
    case 'heard':
      return 'heard';
    case 'partly_heard':
      return `only ${millis(heardMs)} of ${millis(sentMs)} heard`;
    case 'cut':
      return `cut by ${whoCut(response)} after ${millis(heardMs)} of ${millis(sentMs)}`;
    case 'failed':
      return `failed after ${millis(heardMs)}`;
    case 'skipped':
      return skipReason === undefined
        ? 'never heard'
        : `never heard: ${SKIP_REASON_TEXT[skipReason] ?? skipReason}`;
  }
}

/** The user of this page is "you", whether by voice, by a question, or with the key. */
function whoCut({ cutBy, cutByUser }: ResponseView): string {
  const isUser = cutBy === 'user_speech' || cutBy === 'user_text';
  return isUser || (cutByUser && cutBy === 'code') ? 'you' : cutByText(cutBy);
}
