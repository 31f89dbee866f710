import { ReadableStream } from 'node:stream/web';

/**
 * A stream that asks its generator only when it is read, so nothing is held between the two. What the generator does
 * between two chunks so happens when the first of them has been taken.
 *
 * @param cancelled - called when nobody reads on. The generator may still be busy with its next chunk.
 */
export function streamFrom<T>(
  chunks: AsyncIterator<T>,
  cancelled: () => void = () => {},
): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      pull: async (controller) => {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => {
        cancelled();
        // Not awaited: whoever cancels would wait for a chunk that nobody wants.
        chunks.return?.(undefined).catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
}
