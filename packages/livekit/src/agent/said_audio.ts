import { ReadableStream, type ReadableStreamDefaultReader } from 'node:stream/web';
import type { AudioFrame } from '@livekit/rtc-node';
import type { FailOpen } from '../fail_open.ts';
import { memberOf } from '../livekit_internals/members.ts';
import { streamFrom } from './stream_from.ts';

/** What following the audio of `session.say` takes. */
export interface SaidAudioPort {
  readonly failOpen: FailOpen;
  /** Nothing is followed any more. */
  readonly isOver: () => boolean;
  /** The audio of a speech broke off. @param handle - what `say` returned. */
  readonly brokeOff: (handle: unknown, error: unknown) => void;
}

/**
 * Follows the frames that an application gives `session.say`. If they break off, LiveKit ends the audio as if nothing were wrong, and no
 * output is told of the error [RS7]. The application sees the same frames, the same error and the same cancellation.
 */
export function followSaidAudio(session: object, port: SaidAudioPort): void {
  const { failOpen } = port;
  const say = memberOf(session, 'say');
  if (typeof say !== 'function') return;
  const value = (...args: unknown[]): unknown => {
    const [text, options, ...more] = args;
    let handle: unknown;
    const brokeOff = (error: unknown): void =>
      failOpen.run('reporting audio that broke off', () => port.brokeOff(handle, error), undefined);
    const followed = failOpen.run(
      'following the audio of say',
      () => (port.isOver() ? undefined : withFollowedAudio(options, brokeOff)),
      undefined,
    );
    handle = Reflect.apply(say, session, followed ? [text, followed, ...more] : args);
    return handle;
  };
  Object.defineProperty(session, 'say', { value, configurable: true, writable: true });
}

/** The options with their audio followed; `undefined` if there is none. */
function withFollowedAudio(
  options: unknown,
  brokeOff: (error: unknown) => void,
): object | undefined {
  const audio = memberOf(options, 'audio');
  if (!(audio instanceof ReadableStream)) return undefined;
  return Object.create(options as object, { audio: { value: followedAudio(audio, brokeOff) } });
}

function followedAudio(
  audio: ReadableStream<AudioFrame>,
  brokeOff: (error: unknown) => void,
): ReadableStream<AudioFrame> {
  let reader: ReadableStreamDefaultReader<AudioFrame> | undefined;
  async function* frames(): AsyncGenerator<AudioFrame> {
    try {
      // Not before it is read: until then the application may look at its stream.
      reader = audio.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } catch (error) {
      brokeOff(error);
      throw error;
    }
  }
  return streamFrom(frames(), () => {
    (reader ?? audio).cancel().catch(() => {});
  });
}
