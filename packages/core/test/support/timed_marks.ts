import type { MarkOptions, ResponseId, Turn } from '../../src/index.ts';
import { type Stage, samplesIn } from './stage.ts';

const TEXT = ['Turn left ', 'at the bakery. ', 'You are there.'] as const;

/** A response of 900 ms with a mark after each part, timed: each part takes 300 ms. */
export function sayTimed(stage: Stage, turn: Turn, options: MarkOptions = {}): ResponseId {
  const { id } = turn.begin();
  for (const [place, part] of TEXT.entries()) {
    turn.addText(part);
    turn.mark(`after ${place}`, options);
  }
  turn.endResponse();
  stage.timeline.wordsTimed(
    id,
    ['Turn', 'left', 'at', 'the bakery', 'You are', 'there'].map((text, place) => ({
      text,
      endSamples: samplesIn(150 * (place + 1)),
    })),
  );
  stage.send(id, 900);
  stage.endAudio(id);
  return id;
}
