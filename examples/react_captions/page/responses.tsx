import { type HeardResponse, useResponses } from '@oncue/react';
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
            <small>{outcomeOf(response, isLost)}</small>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** In words. There is no count where `heardWords` includes words that were not heard. */
function outcomeOf(
  { status, words, heardWords, passed, isMuted }: HeardResponse,
  isLost: boolean,
): string {
  if (status === 'playing' && isLost) return 'connection lost';
  if (isMuted) return 'plays, muted here';
  if (status === 'skipped' || passed.some(({ isHeard }) => !isHeard)) return WORDS[status];
  return `${WORDS[status]}, ${heardWords} of ${words.length} words`;
}
