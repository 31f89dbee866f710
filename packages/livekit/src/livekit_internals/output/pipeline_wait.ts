import type { voice } from '@livekit/agents';
import type { FailOpen } from '../../fail_open.ts';
import type { InternalFact } from '../internal_fact.ts';
import { memberOf } from '../members.ts';

/**
 * LiveKit's pipeline waits in this method of the session's output between two responses, and at the end of a turn. The
 * finish of a segment ends the wait. That finish must not come early: its position is what was heard, and captions and
 * recordings go by it. So Oncue ends the wait, and the finish follows when it is due [PB6].
 */
export const PIPELINE_WAIT: InternalFact = {
  name: 'AudioOutput.waitForPlayout between two responses',
  source: 'voice/agent_activity.ts, voice/io.ts',
  lost: 'the end of a response is reported to LiveKit when the audio of the next one is due, a moment before it is heard',
};

/** What ending the wait takes. */
export interface PipelineWaitPort {
  /**
   * Fulfilled when the pipeline may go on from the segment that was captured last, with what it takes for the finish of
   * it.
   */
  readonly letGo: () => Promise<voice.PlaybackFinishedEvent>;
  /** Called then, before the pipeline goes on. `false`: it must wait for the finish. */
  readonly goesOn: () => boolean;
  readonly failOpen: FailOpen;
}

const adapted = new WeakSet<object>();

/**
 * Lets LiveKit's pipeline go on with the next response before the end of this one is heard. Where Oncue fails, the
 * pipeline waits as it does without Oncue.
 *
 * @param outermost - the output that the pipeline waits for.
 * @returns `false` if it has no such method, or one that cannot be replaced.
 */
export function letPipelineGoOn(outermost: voice.AudioOutput, port: PipelineWaitPort): boolean {
  if (adapted.has(outermost)) return true;
  const ofLiveKit = memberOf(outermost, 'waitForPlayout');
  if (typeof ofLiveKit !== 'function') return false;
  const wait = (...args: readonly unknown[]): Wait =>
    orLetGo(Reflect.apply(ofLiveKit, outermost, args), port);
  if (!Reflect.set(outermost, 'waitForPlayout', wait)) return false;
  adapted.add(outermost);
  return true;
}

type Wait = Promise<voice.PlaybackFinishedEvent>;

/** Rejects only if LiveKit's own wait does. */
function orLetGo(real: Wait, { letGo, goesOn, failOpen }: PipelineWaitPort): Wait {
  const during = 'letting the pipeline go on';
  const early = failOpen.run(
    during,
    () => {
      let isOver = false;
      const over = (): void => {
        isOver = true;
      };
      real.then(over, over);
      const went = letGo().then(
        (event) => (isOver || failOpen.run(during, goesOn, false) ? event : real),
        (error: unknown) => {
          failOpen.report(during, error);
          return real;
        },
      );
      // Not a promise, whose rejection would be reported as one of Oncue.
      return { went };
    },
    undefined,
  );
  return early ? Promise.race([real, early.went]) : real;
}
