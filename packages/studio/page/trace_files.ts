import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store.ts';

/** The largest file that is opened. A trace of a run has at most about 100 MB. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Downloads the shown trace as a file. */
export function saveTrace(store: Store): void {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(
    new Blob([store.source.text()], { type: 'application/x-ndjson' }),
  );
  link.download = store.file?.name ?? `oncue-${stamp}.trace.jsonl`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Opens a trace file, or shows why it cannot. */
export async function readTraceFile(store: Store, file: File): Promise<void> {
  if (file.size > MAX_FILE_BYTES) {
    store.notice = `${file.name} is larger than 256 MB and cannot be a trace`;
    store.changed();
    return;
  }
  store.openFile(file.name, await file.text());
}

/** Opens files dropped anywhere on the page. @returns Whether a file is dragged over the page. */
export function useTraceDrop(store: Store): boolean {
  const [isDropping, setDropping] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setDropping(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setDropping(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setDropping(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file) void readTraceFile(store, file);
    };
    const listeners = { dragover: over, dragleave: leave, drop } as const;
    for (const [type, listener] of Object.entries(listeners))
      addEventListener(type, listener as EventListener);
    return () => {
      for (const [type, listener] of Object.entries(listeners))
        removeEventListener(type, listener as EventListener);
    };
  }, [store]);
  return isDropping;
}
