import type { Observed } from '../observed.ts';
import type { Aspect } from './truth.ts';

/** LiveKit places sound where it left, and the ear has it a path later: as far apart is no fault, ms. */
const PLACE_TOLERANCE_MS = 150;

/** Words that LiveKit's recording puts elsewhere than where they sounded, lacks, or has though nobody heard them. */
export function recordingAspect(run: Observed): Aspect[] {
  const { recording } = run;
  if (!recording) return [];
  const heard = run.ear.words(run.made);
  const placed = recording.words(run.made, 'ignore');
  const misplaced = heard.filter(({ word, isWhole, fromMs, untilMs }) => {
    const at = placed.find((one) => one.word === word);
    if (!at || !isWhole) return isWhole;
    const offMs = Math.max(Math.abs(at.fromMs - fromMs), Math.abs(at.untilMs - untilMs));
    return offMs > PLACE_TOLERANCE_MS;
  });
  const unheard = placed.filter(
    ({ word, isWhole }) => isWhole && !heard.some((one) => one.word === word),
  );
  return [
    {
      name: 'recording',
      error: misplaced.length + unheard.length,
      tolerance: 0,
      detail: `elsewhere: ${misplaced.map(({ word }) => word.text.trim()).join(' ') || '–'}; never heard: ${unheard.map(({ word }) => word.text.trim()).join(' ') || '–'}`,
    },
  ];
}
