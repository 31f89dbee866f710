import { captionParts, followCaptions } from '@oncue/browser/captions';
import type { Reporter } from '@oncue/browser/reporter';
import type { Room } from 'livekit-client';

/**
 * Shows the caption of the response that sounds as an application does: drawn anew in each frame in which it has changed.
 *
 * @returns The ids of the responses of which a word was marked while they sounded.
 */
export function drawCaptions(room: Room, reporter: Reporter): ReadonlySet<string> {
  // The agents of the benchmarks join as plain participants.
  const captions = followCaptions(room, reporter, { isAgent: () => true });
  const parts = [0, 1, 2].map(() => document.createElement('span'));
  const caption = document.createElement('p');
  caption.append(...parts);
  document.body.append(caption);
  const marked = new Set<string>();
  let drawn: object | undefined;
  const draw = (): void => {
    captions.playhead();
    const response = captions.responses.findLast(({ status }) => status !== 'queued');
    if (response && response !== drawn) {
      drawn = response;
      const { spoken, current, unspoken } = captionParts(response);
      for (const [place, text] of [spoken, current, unspoken].entries())
        if (parts[place]) parts[place].textContent = text;
      if (response.status === 'playing' && parts[0]?.textContent) marked.add(response.id);
    }
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
  return marked;
}
