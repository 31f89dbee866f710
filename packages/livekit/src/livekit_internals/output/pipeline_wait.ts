import type { voice } from '@livekit/agents';

const adapted = new WeakSet<object>();

/**
 * Lets LiveKit's pipeline go on with the next response before the end of this one is heard. It waits in
 * `AudioOutput.waitForPlayout`, which the finish of a segment ends. That finish must not come early: its position is what
 * was heard, and captions and recordings go by it. So the wait is ended, and the finish follows when it is due [PB6].
 *
 * @param outermost - the output that the pipeline waits for.
 * @param letGo - fulfilled when the pipeline may go on from the segment that was captured last, with what it takes for
 *   the finish of it.
 * @param goesOn - called then, before the pipeline goes on.
 */
export function letPipelineGoOn(
  outermost: voice.AudioOutput,
  letGo: () => Promise<voice.PlaybackFinishedEvent>,
  goesOn: () => void,
): void {
  if (adapted.has(outermost)) return;
  adapted.add(outermost);
  const wait = outermost.waitForPlayout;
  outermost.waitForPlayout = async () => {
    let isOver = false;
    const real = wait.call(outermost).finally(() => {
      isOver = true;
    });
    const early = letGo().then((event) => {
      if (!isOver) goesOn();
      return event;
    });
    return await Promise.race([real, early]);
  };
}
