import { ReadableStream } from 'node:stream/web';

/**
 * A stream that asks its generator for a chunk only when it is read, and buffers nothing. So the code between two
 * `yield`s runs after the first chunk has been processed.
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
