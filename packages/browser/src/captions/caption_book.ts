import type { CaptionEnvelope, CaptionMessage, Playhead } from '@oncue/core/wire';
import type { HeardPosition } from '../reporter/heard_position.ts';
import { CaptionEntry } from './caption_entry.ts';
import type { CaptionEvents, HeardResponse } from './captions_api.ts';

/** The latest responses are kept. */
const RESPONSES_KEPT = 50;

/** Past sessions of the agent are remembered, so that a late message does not bring one back. */
const EPOCHS_KEPT = 16;

type ResponseEvents = Exclude<
  { [T in keyof CaptionEvents]: T extends `response_${string}` ? T : never }[keyof CaptionEvents],
  never
>;

/** What a book reports to. */
export interface BookPorts {
  readonly emit: (
    type: ResponseEvents,
    event: { response: HeardResponse; heardMs: number },
  ) => void;
  readonly changed: () => void;
}

/** The responses of one agent, from its messages and from what this page hears. Pure. */
export class CaptionBook {
  readonly #ports: BookPorts;
  readonly #entries = new Map<string, CaptionEntry>();
  #responses: readonly HeardResponse[] | undefined;
  /** Of the agent's sessions; the last is that of the present one. */
  #epochs: readonly string[] = [];
  #latestSeq = 0;
  #isMuted = false;

  constructor(ports: BookPorts) {
    this.#ports = ports;
  }

  get responses(): readonly HeardResponse[] {
    this.#responses ??= [...this.#entries.values()].map(({ snapshot }) => snapshot);
    return this.#responses;
  }

  get isPlaying(): boolean {
    return [...this.#entries.values()].some(({ isPlaying }) => isPlaying);
  }

  /** A response is known that has not ended. */
  get isMoreToCome(): boolean {
    return [...this.#entries.values()].some(({ isOver }) => !isOver);
  }

  /**
   * Whether this page is muted from now on.
   *
   * @param soundingId Of which response the position is known at this instant.
   */
  setMuted(isMuted: boolean, soundingId: string | undefined): void {
    if (isMuted === this.#isMuted) return;
    this.#isMuted = isMuted;
    for (const entry of this.#entries.values()) entry.setMuted(isMuted, soundingId);
    if (this.isPlaying) this.#noteChange();
  }

  /** Takes a message of the agent. One that repeats, or belongs to a past session, changes nothing. */
  take(message: CaptionMessage & CaptionEnvelope): void {
    const { epoch, seq, responseId } = message;
    if (epoch !== this.#epochs.at(-1)) {
      if (this.#epochs.includes(epoch)) return;
      this.#beginSession(epoch);
    }
    if (seq <= this.#latestSeq) return;
    this.#latestSeq = seq;
    this.#change(responseId, (entry) => entry.take(message));
  }

  /** Takes a report of this page's reporter. */
  takeReport(
    {
      responseId,
      phase,
      heardSamples,
    }: Pick<Playhead, 'phase' | 'heardSamples'> & {
      readonly responseId: string;
    },
    sampleRateHz: number | undefined,
  ): void {
    this.#change(responseId, (entry) => {
      entry.sampleRateHz ??= sampleRateHz;
      return entry.hear(phase, heardSamples);
    });
  }

  /** Takes the position of this page's reporter. @returns The same; but it never goes back. */
  follow(position: HeardPosition): HeardPosition {
    const entry = this.#entries.get(position.responseId);
    if (!entry || entry.isOver) return position;
    const before = entry.snapshot;
    entry.moveTo(position.heardSamples);
    if (entry.snapshot !== before) this.#noteChange();
    entry.sampleRateHz ??= position.sampleRateHz;
    const { heardSamples, heardMs } = entry;
    return { ...position, heardSamples, heardMs };
  }

  #change(id: string, change: (entry: CaptionEntry) => boolean): void {
    const known = this.#entries.get(id);
    const entry = known ?? new CaptionEntry(id, this.#isMuted);
    const before = entry.snapshot.status;
    const isChanged = change(entry);
    if (!known) this.#add(entry);
    else if (!isChanged) return;
    this.#noteChange();
    const { snapshot: response, heardMs } = entry;
    const event = { response, heardMs };
    this.#ports.emit(known ? 'response_changed' : 'response_added', event);
    const type = eventOf(before, response.status);
    if (type) this.#ports.emit(type, event);
  }

  #add(entry: CaptionEntry): void {
    this.#entries.set(entry.id, entry);
    const oldest = [...this.#entries.values()].find(({ isOver }) => isOver);
    if (this.#entries.size > RESPONSES_KEPT) this.#entries.delete((oldest ?? entry).id);
  }

  #beginSession(epoch: string): void {
    if (this.#epochs.length > 0) {
      this.#entries.clear();
      this.#noteChange();
    }
    this.#epochs = [...this.#epochs, epoch].slice(-EPOCHS_KEPT);
    this.#latestSeq = 0;
  }

  #noteChange(): void {
    this.#responses = undefined;
    this.#ports.changed();
  }
}

/** What happened to a response between two states of it. One that is over does not begin or end again. */
function eventOf(
  before: HeardResponse['status'],
  after: HeardResponse['status'],
): ResponseEvents | undefined {
  if (before === after || (before !== 'queued' && before !== 'playing')) return undefined;
  if (after === 'playing') return 'response_started';
  return after === 'cut' || after === 'skipped' ? `response_${after}` : 'response_finished';
}
