import { ReadableStream } from 'node:stream/web';

/**
 * A stream that asks its generator only when it is read, so nothing is held between the two. What the generator does
 * between two chunks so happens when the first of them has been taken.
 */
export function streamFrom<T>(chunks: AsyncIterator<T>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      pull: async (controller) => {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        await chunks.return?.(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
