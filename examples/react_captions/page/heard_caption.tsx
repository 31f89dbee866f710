// A caption to copy, with heard_caption.css. It shows what `useHeardCaption` gives, word by word.
import { type CaptionMode, type HeardPosition, useHeardCaption, usePlayhead } from '@oncue/react';
import { useEffect, useRef, useState } from 'react';
import './heard_caption.css';

export interface HeardCaptionProps {
  readonly mode?: CaptionMode;
  /** What to show before anything was said. */
  readonly placeholder?: string;
}

interface Told {
  readonly ids: readonly string[];
  readonly text: string;
}

export function HeardCaption({ mode = 'karaoke', placeholder = '' }: HeardCaptionProps) {
  const { passed, spoken, current, unspoken, response } = useHeardCaption({ mode });
  const word = useRef<HTMLSpanElement>(null);

  // Fills the word that sounds, without a render.
  usePlayhead((position) => {
    const words = response?.words ?? [];
    const place = response?.heardWords ?? 0;
    const share = shareOf(position, words[place - 1]?.endSamples, words[place]?.endSamples);
    word.current?.style.setProperty('--heard', `${Math.round(share * 100)}%`);
  });

  // A long caption scrolls with the voice.
  const heardWords = response?.heardWords;
  useEffect(() => {
    if (heardWords !== undefined) word.current?.scrollIntoView({ block: 'nearest' });
  }, [heardWords]);

  const isOver = response !== undefined && !['queued', 'playing'].includes(response.status);
  const isEstimated = response?.words[response.heardWords]?.isEstimated;

  // Which responses a screen reader was told of, and what last. The caption comes back if the response after it is skipped, and
  // may still change with the agent's outcome: neither is told again.
  const [told, setTold] = useState<Told>({ ids: [], text: '' });
  const id = response?.id ?? '';
  const isTold = told.ids.includes(id);
  if (isOver && spoken !== '' && !isTold) setTold({ ids: [...told.ids, id], text: spoken });
  // A new session of the agent counts its responses anew.
  if (!isOver && isTold) setTold({ ids: told.ids.filter((one) => one !== id), text: '' });

  return (
    <>
      {/* Screen readers get what was heard at its end, once: word by word they would talk over the voice. */}
      <p className="heard-caption-announced" aria-live="polite" dir="auto">
        {/* The key: the same text of another response is told too. */}
        <span key={told.ids.at(-1)}>{told.text}</span>
      </p>
      {response ? (
        // `auto`: right-to-left text runs from the right.
        <p
          className="heard-caption"
          dir="auto"
          aria-hidden={isOver}
          data-status={response.status}
          data-mode={mode}
        >
          {passed.map(({ at, text, isHeard }) => (
            <span key={at} className={isHeard ? 'heard' : 'muted'}>
              {text}
            </span>
          ))}
          <span
            className="sounds"
            ref={word}
            data-rtl={RIGHT_TO_LEFT.test(current) || undefined}
            data-estimated={isEstimated || undefined}
          >
            {current}
          </span>
          <span className="unheard">{unspoken}</span>
        </p>
      ) : (
        <p className="heard-caption heard-caption-empty">{placeholder}</p>
      )}
    </>
  );
}

/** The direction of the word itself: an English name in a Hebrew sentence runs to the right. */
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** How much of the word that sounds has sounded, from 0 to 1. */
function shareOf(position: HeardPosition | undefined, from = 0, to = from): number {
  if (!position || to <= from) return 0;
  return Math.min(1, Math.max(0, (position.heardSamples - from) / (to - from)));
}
