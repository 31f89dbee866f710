import { RATE_HZ } from './load_voice.ts';

/** From the agent to the ear. */
const PATH_MS = 100;

/** As the page's reporter [RP20]. */
const REPORT_EVERY_MS = 250;

/** What sounds next in a playout, and when. */
type Happening = 'started' | 'playing' | 'ended';

/** What follows a playout. It is called on a timer, `dueMs` is when it was due. */
export type OnHappening = (
  id: string,
  what: Happening,
  of: { readonly startedAtMs: number; readonly dueMs: number; readonly samples: number },
) => void;

interface Sounding {
  readonly id: string;
  startedAtMs: number | undefined;
  samples: number;
  isComplete: boolean;
  reportedAtMs: number;
}

/**
 * What a listener hears, without a sound: each response after the one before it, at the pace of speech. Both sides of the
 * benchmark play to one of these, so that they wait for the same instants.
 */
export class LoadPlayout {
  readonly #on: OnHappening;
  readonly #reports: boolean;
  #queue: Sounding[] = [];
  #freeAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param reports - whether positions are told, as a page does. */
  constructor(reports: boolean, on: OnHappening) {
    this.#reports = reports;
    this.#on = on;
  }

  write(id: string, samples: number): void {
    const nowMs = performance.now();
    const sounding = this.#of(id);
    sounding.samples += samples;
    if (this.#queue[0] !== sounding || sounding.startedAtMs !== undefined) return;
    this.#begin(sounding, Math.max(nowMs + PATH_MS, this.#freeAtMs));
  }

  end(id: string): void {
    this.#of(id).isComplete = true;
    this.#arm();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#queue = [];
  }

  #of(id: string): Sounding {
    const known = this.#queue.find((one) => one.id === id);
    if (known) return known;
    const sounding = {
      id,
      startedAtMs: undefined,
      samples: 0,
      isComplete: false,
      reportedAtMs: Number.NEGATIVE_INFINITY,
    };
    this.#queue.push(sounding);
    return sounding;
  }

  #begin(sounding: Sounding, atMs: number): void {
    sounding.startedAtMs = atMs;
    this.#arm();
  }

  /** When the head has something to say next. */
  #due(): { readonly what: Happening; readonly dueMs: number } | undefined {
    const head = this.#queue[0];
    if (head?.startedAtMs === undefined) return undefined;
    if (head.reportedAtMs === Number.NEGATIVE_INFINITY)
      return { what: 'started', dueMs: head.startedAtMs };
    const endsAtMs = head.startedAtMs + (head.samples * 1000) / RATE_HZ;
    const nextMs = head.reportedAtMs + REPORT_EVERY_MS;
    if (head.isComplete && (!this.#reports || endsAtMs <= nextMs))
      return { what: 'ended', dueMs: endsAtMs };
    return this.#reports ? { what: 'playing', dueMs: nextMs } : undefined;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const due = this.#due();
    if (!due) return;
    this.#timer = setTimeout(() => this.#happen(), Math.max(0, due.dueMs - performance.now()));
  }

  #happen(): void {
    const due = this.#due();
    const head = this.#queue[0];
    if (!due || head?.startedAtMs === undefined) return;
    // Node's timers may be up to 1 ms early.
    if (due.dueMs > performance.now()) {
      this.#arm();
      return;
    }
    const { startedAtMs } = head;
    head.reportedAtMs = due.dueMs;
    const played = Math.floor(((due.dueMs - startedAtMs) * RATE_HZ) / 1000);
    const samples =
      due.what === 'ended' ? head.samples : Math.max(1, Math.min(played, head.samples));
    if (due.what === 'ended') {
      this.#queue.shift();
      this.#freeAtMs = due.dueMs;
      const next = this.#queue[0];
      if (next && next.samples > 0)
        next.startedAtMs = Math.max(this.#freeAtMs, performance.now() - PATH_MS);
    }
    this.#on(head.id, due.what, { startedAtMs, dueMs: due.dueMs, samples });
    this.#arm();
  }
}
