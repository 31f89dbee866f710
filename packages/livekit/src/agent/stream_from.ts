import { ReadableStream } from 'node:stream/web';

/**
 * A stream that asks its generator for a chunk only when it is read, and buffers nothing. So the code between two
 * `yield`s runs after the first chunk has been processed.
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
