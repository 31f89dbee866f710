import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';

/** One save of an editor is several file events within a few ms. */
const SETTLE_MS = 120;

/**
 * Calls `onChange` once after one or more of the files changed.
 *
 * It watches folders, not files: an editor that saves by renaming would leave a watch on a deleted file.
 *
 * @returns A function that stops watching.
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
      // The folder was deleted, and the file with it.
      watcher.on('error', () => watcher.close());
      watchers.push(watcher);
    } catch {
      // The folder does not exist; loading the file reports that.
    }
  }
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
