import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';

/** An editor that saves writes, renames and touches: several events within a few ms. */
const SETTLE_MS = 120;

/**
 * Calls back once after some of the files changed.
 *
 * Folders are watched, not files: an editor that saves by renaming would leave a watch on a file that is gone.
 *
 * @returns A function that stops.
 */
export function watchFiles(files: readonly string[], onChange: () => void): () => void {
  const watched = new Set(files.map((file) => path.resolve(file)));
  let timer: NodeJS.Timeout | undefined;
  const watchers: FSWatcher[] = [];
  for (const folder of new Set([...watched].map((file) => path.dirname(file)))) {
    try {
      const watcher = watch(folder, (_event, name) => {
        if (name === null || !watched.has(path.join(folder, name))) return;
        clearTimeout(timer);
        timer = setTimeout(onChange, SETTLE_MS);
      });
      // A folder that goes away takes its watch with it; the file in it is gone as well.
      watcher.on('error', () => watcher.close());
      watchers.push(watcher);
    } catch {
      // A folder that is not there cannot change; the load says what is wrong.
    }
  }
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
