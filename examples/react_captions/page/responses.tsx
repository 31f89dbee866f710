import { type HeardResponse, useReporter, useResponses } from '@oncue/react';

const WORDS: Readonly<Record<HeardResponse['status'], string>> = {
  queued: 'waits',
  playing: 'sounds now',
  heard: 'heard',
  partly_heard: 'heard in part',
  cut: 'cut',
  failed: 'failed',
  skipped: 'not heard',
};

/** What was heard so far, the latest first. Of one heard in part no count is shown: `heardWords` includes what nobody could hear. */
export function Responses() {
  const isMuted = useReporter().state === 'muted';
  const responses = useResponses().filter(({ status }) => status !== 'queued');
  if (responses.length === 0) return null;
  return (
    <section className="history">
      <h2>What you heard</h2>
      <ol>
        {responses.toReversed().map(({ id, status, heardText, text, words, heardWords }) => (
          <li key={id} data-status={status}>
            <span dir="auto">{heardText || (status === 'skipped' ? text : '…')}</span>
            <small>
              {status === 'playing' && isMuted ? 'plays, muted here' : WORDS[status]}
              {status === 'skipped' ||
              status === 'partly_heard' ||
              (status === 'playing' && isMuted)
                ? ''
                : `, ${heardWords} of ${words.length} words`}
            </small>
          </li>
        ))}
      </ol>
    </section>
  );
}
