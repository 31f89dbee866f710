import { encodeTraceLine } from '@oncue/core/trace';
import { useEffect, useState } from 'preact/hooks';
import type { TraceSource } from './model/trace_source.ts';
import type { Store } from './store.ts';

/** The largest file that is opened. A trace of a run has at most about 100 MB. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Downloads the shown trace as a file, compressed to about a tenth. */
export async function saveTrace(store: Store): Promise<void> {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const lines = new Blob([savedText(store.source)]).stream();
  const file = await new Response(lines.pipeThrough(new CompressionStream('gzip'))).blob();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `oncue-${stamp}.trace.jsonl.gz`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The trace so far. Its last line says that the run went on, so that a reader does not take the end for a fault. */
function savedText(source: TraceSource): string {
  const note = { type: 'trace_saved', atMs: source.endMs };
  return `${source.text()}${encodeTraceLine({ kind: 'note', note })}\n`;
}

/** Opens a trace file, or shows why it cannot. */
export async function readTraceFile(store: Store, file: File): Promise<void> {
  if (file.size > MAX_FILE_BYTES) {
    store.notice = `${file.name} is larger than 256 MB and cannot be a trace`;
    store.changed();
    return;
  }
  try {
    store.openFile(file.name, await textOf(file));
  } catch {
    store.notice = `${file.name} is not a whole gzip file`;
    store.changed();
  }
}

/** The text of a file that may be compressed. @throws If the compressed bytes are broken. */
async function textOf(file: File): Promise<string> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (first !== 0x1f || second !== 0x8b) return await file.text();
  const text = file.stream().pipeThrough(new DecompressionStream('gzip'));
  return await new Response(text).text();
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
