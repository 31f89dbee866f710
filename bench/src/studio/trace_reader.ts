import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OncueEvent, OncueEventOf } from '@oncue/core';
import type { TraceLine } from '@oncue/core/trace';
import type { Page } from 'playwright-core';

/** The trace of the run as the page gets it. */
export class TraceReader {
  readonly events: OncueEvent[] = [];
  /** The first hand-over of each response's audio: when LiveKit's stock output says `playbackStarted`. */
  readonly handedOverAtMs: Map<string, number> = new Map();
  /** When the pipeline stopped its output. */
  readonly cutAtMs: number[] = [];
  droppedReportCount = 0;
  readonly #lines: string[] = [];

  /** To be called before the page is loaded. */
  follow(page: Page): void {
    page.on('websocket', (socket) => {
      if (!new URL(socket.url()).pathname.startsWith('/studio')) return;
      socket.on('framereceived', ({ payload }) => this.#take(String(payload)));
    });
  }

  of<T extends OncueEvent['type']>(
    type: T,
    key: { speechId: string; index: number },
  ): OncueEventOf<T>[] {
    return this.events.filter(
      (event): event is OncueEventOf<T> =>
        event.type === type &&
        'speechId' in event &&
        event.speechId === key.speechId &&
        event.index === key.index,
    );
  }

  /** For a run that failed. Returns the path of the file, which Studio opens. */
  async save(): Promise<string> {
    const path = join(await mkdtemp(join(tmpdir(), 'oncue-bench-')), 'trace.jsonl');
    await writeFile(path, `${this.#lines.join('\n')}\n`);
    return path;
  }

  #take(payload: string): void {
    const message: { type?: string; lines?: readonly string[] } = JSON.parse(payload);
    if (message.type !== 'trace') return;
    for (const text of message.lines ?? []) {
      this.#lines.push(text);
      this.#takeLine(JSON.parse(text) as TraceLine);
    }
  }

  #takeLine(line: TraceLine): void {
    if (line.kind === 'event') {
      this.events.push(line.event);
      if (line.event.type === 'report_dropped') this.droppedReportCount += line.event.count;
    } else if (line.kind === 'input' && line.input.type === 'cut') {
      this.cutAtMs.push(line.input.atMs);
    } else if (line.kind === 'input' && line.input.type === 'audio_sent') {
      const { responseId, atMs } = line.input;
      if (!this.handedOverAtMs.has(responseId)) this.handedOverAtMs.set(responseId, atMs);
    }
  }
}
