import type { OncueEvent } from '@oncue/core';
import type { Ear } from '../../src/fakes/ear.ts';
import { type MadeWord, SAMPLE_RATE_HZ } from '../../src/fakes/words_tts.ts';
import type { Observed } from '../../src/observed.ts';
import { type ListenerKind, response, type Scenario } from '../../src/scenario.ts';

export const WORD_MS = 100;
export const WORD_SAMPLES = (WORD_MS * SAMPLE_RATE_HZ) / 1000;
export const STARTED_AT_MS = 180;
export const TEXT = 'alpha beta gamma delta. ';
export const MADE: readonly MadeWord[] = (TEXT.match(/\S+\s*/g) ?? []).map((text, place) => ({
  text,
  level: place + 1,
  samples: WORD_SAMPLES,
}));

export function scenario(listener: ListenerKind): Scenario {
  return {
    name: 'judged',
    form: 'declares',
    ear: { listener },
    turns: [{ responses: [response(TEXT)] }],
    steps: [{ atMs: 0, do: 'ask' }],
  };
}

export function observed(
  ear: Ear,
  events: readonly OncueEvent[],
  history: string = TEXT,
): Observed {
  return {
    side: 'oncue',
    ear,
    made: MADE,
    states: [],
    history: [{ id: 'm', text: history, interrupted: false }],
    itemsTold: { before: [], after: [] },
    said: [],
    captions: [],
    speeches: [],
    finishes: [],
    unfinishedSegments: 0,
    recording: undefined,
    thinkingSound: undefined,
    log: { tools: [], tasks: [], prompts: [] },
    errors: [],
    rejections: [],
    events,
    startedAtMs: 0,
    closedInTime: true,
  };
}
