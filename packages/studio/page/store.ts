import type { RoomTicket, RunInfo, ServerMessage } from '../src/protocol/control_messages.ts';
import type { Lanes } from './model/lanes.ts';
import { TraceSource } from './model/trace_source.ts';
import { PageAudio } from './sound/page_audio.ts';
import { StudioLink } from './studio_link.ts';

/** A page that stood still, as one in the background does, goes on with a replay where it was. */
const MAX_REPLAY_STEP_MS = 250;

/** The shortest time between two redraws while lines arrive. The playhead moves independently of redraws. */
const DRAW_INTERVAL_MS = 90;

/** The state of the page, and its actions. */
export class Store {
  readonly audio: PageAudio;
  readonly link: StudioLink;
  info: RunInfo | undefined;
  isOpen = false;
  live: TraceSource = new TraceSource('live');
  /** The trace file that is open, if any. */
  file: TraceSource | undefined;
  /** The shown instant; `undefined` follows the end of the trace. */
  cursorMs: number | undefined;
  isReplaying = false;
  selectedId: string | undefined;
  notice: string | undefined;
  readonly #listeners = new Set<() => void>();
  #takeTicket: ((ticket: RoomTicket) => void) | undefined;
  #drawTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.audio = new PageAudio({
      isInRoom: () => this.info?.isInRoom,
      ticket: () => this.#ticket(),
      changed: () => this.changed(),
      truth: (responseId, soundedAtEpochMs) =>
        this.link.send({ type: 'truth', responseId, soundedAtEpochMs }),
    });
    this.link = new StudioLink(
      `ws://${location.host}/studio`,
      (message) => this.#take(message),
      (isOpen) => {
        this.isOpen = isOpen;
        this.changed();
      },
    );
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** The trace that is shown. */
  get source(): TraceSource {
    return this.file ?? this.live;
  }

  /** Whether the page follows a live run. */
  get isLive(): boolean {
    return this.file === undefined && this.cursorMs === undefined;
  }

  /** Whether an agent runs that can be asked. */
  get canAsk(): boolean {
    const { error } = this.info ?? {};
    return this.isOpen && (!error || error.phase === 'run');
  }

  /** Studio's process was there, and is not. */
  get isGone(): boolean {
    return this.info !== undefined && !this.isOpen;
  }

  lanes(): Lanes {
    return this.source.lanesAt(this.cursorMs);
  }

  /** The instant at the playhead, on the agent's clock. */
  nowMs(): number {
    if (this.isLive) return Math.max(this.link.nowMs(), this.source.endMs);
    return this.cursorMs ?? this.source.endMs;
  }

  ask(text: string): void {
    if (!this.canAsk) return;
    this.#listenToRun();
    this.link.send({ type: 'ask', text });
  }

  playScenario(name: string): void {
    if (!this.canAsk) return;
    this.#listenToRun();
    this.link.send({ type: 'scenario', name });
  }

  interrupt(): void {
    this.link.send({ type: 'interrupt' });
  }

  restart(): void {
    this.link.send({ type: 'restart' });
  }

  /** Shows an instant of the trace; `undefined` goes back to its end. */
  seek(atMs: number | undefined): void {
    const { startMs, endMs } = this.source;
    this.cursorMs = atMs === undefined ? undefined : Math.min(Math.max(atMs, startMs), endMs);
    this.changed();
  }

  step(direction: -1 | 1): void {
    this.isReplaying = false;
    this.seek(this.source.stepFrom(this.cursorMs ?? this.source.endMs, direction));
  }

  toggleReplay(): void {
    this.isReplaying = !this.isReplaying;
    const { startMs, endMs } = this.source;
    if (this.isReplaying && (this.cursorMs ?? endMs) >= endMs - 1) this.cursorMs = startMs;
    this.changed();
  }

  /** Advances a replay; called for every frame. */
  tick(elapsedMs: number): void {
    if (!this.isReplaying || this.cursorMs === undefined) return;
    this.cursorMs += Math.min(elapsedMs, MAX_REPLAY_STEP_MS);
    if (this.cursorMs >= this.source.endMs) {
      this.cursorMs = this.source.endMs;
      this.isReplaying = false;
    }
    this.#drawSoon();
  }

  openFile(name: string, text: string): void {
    try {
      this.file = TraceSource.ofFile(name, text);
      this.cursorMs = this.file.endMs;
      this.isReplaying = false;
      this.selectedId = undefined;
      this.notice = undefined;
      // Its button is gone while a file is shown.
      if (this.audio.status.mic === 'on') void this.audio.toggleMic();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.notice = `${name} cannot be opened as a trace: ${why}.`;
    }
    this.changed();
  }

  goLive(): void {
    this.file = undefined;
    this.cursorMs = undefined;
    this.isReplaying = false;
    this.selectedId = undefined;
    this.changed();
  }

  dismiss(): void {
    this.notice = undefined;
    this.changed();
  }

  select(id: string | undefined): void {
    this.selectedId = id;
    this.changed();
  }

  /** Asks the server for a ticket to the room. */
  #ticket(): Promise<RoomTicket> {
    this.link.send({ type: 'join' });
    return new Promise((resolve) => {
      this.#takeTicket = resolve;
    });
  }

  /** Starts listening if it has not started: the question was a click, which browsers require before sound. */
  #listenToRun(): void {
    if (this.file || this.cursorMs !== undefined) this.goLive();
    const { player } = this.audio.status;
    if (player === 'idle' || player === 'blocked') this.audio.listen();
  }

  #take(message: ServerMessage): void {
    if (message.type === 'clock') return;
    if (message.type === 'ticket') {
      this.#takeTicket?.(message);
      return;
    }
    if (message.type === 'run') {
      this.info = message;
      this.audio.runIsKnown();
      if (message.linesFollow) {
        this.live = new TraceSource('live');
        if (!this.file) this.cursorMs = undefined;
      }
      this.changed();
      return;
    }
    if (message.run !== this.info?.run) return;
    this.live.append(message.lines);
    this.#drawSoon();
  }

  #drawSoon(): void {
    this.#drawTimer ??= setTimeout(() => {
      this.#drawTimer = undefined;
      this.changed();
    }, DRAW_INTERVAL_MS);
  }
}
