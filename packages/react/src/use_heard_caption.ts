'use client';

import {
  type CaptionMode,
  type CaptionParts,
  captionParts,
  type HeardResponse,
} from '@oncue/browser/captions';
import { useMemo, useSyncExternalStore } from 'react';
import { useStore } from './store_context.ts';
import { usePlayhead } from './use_playhead.ts';

/** Options of `useHeardCaption`. */
export interface HeardCaptionOptions {
  /** Default `'karaoke'`. */
  readonly mode?: CaptionMode;
  /** Default: the response that sounds, or else the one that sounded last. */
  readonly responseId?: string;
}

/** A caption. Its three parts follow each other in the text. */
export interface HeardCaption extends CaptionParts {
  /** `undefined` before the first response sounds. */
  readonly response: HeardResponse | undefined;
}

const NOTHING: HeardCaption = {
  spoken: '',
  passed: [],
  current: '',
  unspoken: '',
  response: undefined,
};
const drawNothing = (): void => {};

/** The caption of the response that sounds. Renders again when a word has been heard, not in each frame. */
export function useHeardCaption({
  mode = 'karaoke',
  responseId,
}: HeardCaptionOptions = {}): HeardCaption {
  const store = useStore();
  // Asking for the playhead is what moves the words on.
  usePlayhead(drawNothing);
  const response = useSyncExternalStore(
    store.subscribe,
    () => wanted(store.responses, responseId),
    () => undefined,
  );
  return useMemo(
    () => (response ? { ...captionParts(response, mode), response } : NOTHING),
    [response, mode],
  );
}

function wanted(
  responses: readonly HeardResponse[],
  id: string | undefined,
): HeardResponse | undefined {
  if (id !== undefined) return responses.find((one) => one.id === id);
  return (
    responses.findLast(({ status }) => status === 'playing') ??
    responses.findLast(({ status }) => status !== 'queued' && status !== 'skipped')
  );
}
