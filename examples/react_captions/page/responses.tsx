import { type HeardResponse, useReporter, useResponses } from '@oncue/react';
import { useIsConnectionLost } from './use_is_connection_lost.ts';

const WORDS: Readonly<Record<HeardResponse['status'], string>> = {
  queued: 'waits',
  playing: 'sounds now',
  heard: 'heard',
  partly_heard: 'heard in part',
  cut: 'cut',
  failed: 'failed',
  skipped: 'not heard',
};

/** What was heard so far, the latest first. */
export function Responses() {
  const isMuted = useReporter().state === 'muted';
  const isLost = useIsConnectionLost();
  const responses = useResponses().filter(({ status }) => status !== 'queued');
  if (responses.length === 0) return null;
  return (
    <section className="history">
      <h2>What you heard</h2>
      <ol>
        {responses.toReversed().map((response) => (
          <li key={response.id} data-status={response.status}>
            <span dir="auto">
              {response.heardText || (response.status === 'skipped' ? response.text : '…')}
            </span>
            <small>{outcomeOf(response, { isMuted, isLost })}</small>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** In words. There is no count where `heardWords` includes words that nobody could hear. */
function outcomeOf(
  { status, words, heardWords }: HeardResponse,
  page: { readonly isMuted: boolean; readonly isLost: boolean },
): string {
  if (status === 'playing' && page.isLost) return 'connection lost';
  if (status === 'playing' && page.isMuted) return 'plays, muted here';
  if (status === 'skipped' || status === 'partly_heard') return WORDS[status];
  return `${WORDS[status]}, ${heardWords} of ${words.length} words`;
}
