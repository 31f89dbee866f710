import {
  CAPTION_TOPIC,
  type CaptionMessage,
  encodeCaptionMessage,
  type Playhead,
} from '@oncue/core/wire';
import type { Room } from 'livekit-client';
import {
  type CaptionReporter,
  followCaptions,
  followMarks,
  type HeardResponse,
} from '../../src/captions/index.ts';
import type { HeardPosition } from '../../src/reporter/heard_position.ts';

export const RATE_HZ = 24_000;
export const ID = 'turn_1.0' as Playhead['responseId'];
type Handler = (...values: never[]) => void;

/** A room with one agent, and a reporter that hears what the test says. */
export class Page {
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly agent = { isAgent: true, attributes: {} as Record<string, string> };
  state: string = 'listening';
  position: HeardPosition | undefined;
  readonly events: string[] = [];
  #seq = 0;
  readonly #room = {
    remoteParticipants: new Map([['agent', this.agent]]),
    on: (type: string, handler: Handler) => this.#on(type, handler),
    off: (type: string, handler: Handler) => this.#handlers.get(type)?.delete(handler),
  };
  readonly #reporter = this.#makeReporter();
  readonly captions = followCaptions(this.#room as unknown as Room, this.#reporter);

  /** Ends the following of marks. */
  readonly stopMarks = followMarks(
    this.#room as unknown as Room,
    this.#reporter,
    ({ name, isEstimated }) => this.events.push(`mark ${name}${isEstimated ? ', estimated' : ''}`),
  );

  constructor() {
    const types = ['added', 'started', 'finished', 'cut', 'skipped'] as const;
    for (const type of types)
      this.captions.on(`response_${type}`, ({ response, heardMs }) =>
        this.events.push(`${type} ${response.id} at ${heardMs}: ${response.heardText}`),
      );
    this.captions.on('message_dropped', (reason) => this.events.push(reason));
    this.captions.on('agent_state_changed', (state) => this.events.push(`agent ${state}`));
  }

  get handlerCount(): number {
    return [...this.#handlers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  get response(): HeardResponse | undefined {
    return this.captions.responses.find(({ id }) => id === ID);
  }

  emit(type: string, ...values: unknown[]): void {
    for (const handler of [...(this.#handlers.get(type) ?? [])]) handler(...(values as never[]));
  }

  receive(text: string, from: object = this.agent, topic = CAPTION_TOPIC): void {
    this.emit('dataReceived', new TextEncoder().encode(text), from, undefined, topic);
  }

  share(message: CaptionMessage, epoch = 'session'): void {
    this.#seq += 1;
    this.receive(encodeCaptionMessage(message, { epoch, seq: this.#seq }));
  }

  /** The agent shares a response of three words, one a second. */
  shareResponse(text = 'One two three.'): void {
    const turnId = 'turn_1' as Extract<CaptionMessage, { type: 'response' }>['turnId'];
    this.share({ type: 'response', responseId: ID, turnId, index: 0, sampleRateHz: RATE_HZ });
    this.share({ type: 'text', responseId: ID, atChar: 0, text, isComplete: true });
    const words = [0, 3, 1, 4, 7, 2, 8, 14, 3].map((one, at) =>
      at % 3 === 2 ? one * RATE_HZ : one,
    );
    this.share({ type: 'words', responseId: ID, fromWord: 0, timedWords: 3, words });
  }

  /** The agent shares marks, each at its ms of the response. */
  shareMarks(...marks: readonly (readonly [mark: number, atMs: number])[]): void {
    for (const [mark, atMs] of marks)
      this.share({
        type: 'mark',
        responseId: ID,
        mark,
        name: `m${mark}`,
        atSamples: (atMs * RATE_HZ) / 1000,
        isEstimated: mark === 2,
      });
  }

  get marks(): readonly string[] {
    return this.events.filter((event) => event.startsWith('mark'));
  }

  /** What happened, but for the agent's states. */
  get happened(): readonly string[] {
    return this.events
      .filter((event) => !event.startsWith('agent'))
      .map((event) => event.replace(` ${ID}`, ''));
  }

  /** The page's ear, in ms of the response. */
  hear(heardMs: number, phase: Playhead['phase'] = 'playing'): void {
    const heardSamples = (heardMs * RATE_HZ) / 1000;
    const isOver = phase !== 'playing';
    const now = { responseId: ID, heardSamples, heardMs, sampleRateHz: RATE_HZ };
    this.position = isOver ? undefined : now;
    this.report(heardMs, phase);
  }

  /** The page reports. Where its ear is does not change. */
  report(heardMs: number, phase: Playhead['phase'] = 'playing'): void {
    const zero = 0 as Playhead['startedAtMs'];
    this.emit('report', {
      type: 'playhead',
      responseId: ID,
      startedAtMs: zero,
      positionAtMs: zero,
      heardSamples: (heardMs * RATE_HZ) / 1000,
      phase,
      evidence: 'device',
      errorBoundMs: 1,
    } satisfies Playhead);
  }

  /** The ear goes on without a report. */
  move(heardMs: number): string {
    if (this.position)
      this.position = { ...this.position, heardMs, heardSamples: (heardMs * RATE_HZ) / 1000 };
    this.captions.playhead();
    return this.response?.heardText ?? '';
  }

  /** The page is muted from now on, or is not. */
  mute(isMuted: boolean): void {
    this.state = isMuted ? 'muted' : 'listening';
    this.emit('state');
  }

  say(state: string): void {
    this.agent.attributes['lk.agent.state'] = state;
    this.emit('participantAttributesChanged');
  }

  #on(type: string, handler: Handler): void {
    this.#handlers.set(type, (this.#handlers.get(type) ?? new Set()).add(handler));
  }

  #makeReporter(): CaptionReporter {
    const stateNow = (): string => this.state;
    return {
      get state() {
        return stateNow();
      },
      playhead: () => this.position,
      on: (type: string, handler: Handler) => {
        this.#on(type, handler);
        return () => this.#handlers.get(type)?.delete(handler);
      },
    } as unknown as CaptionReporter;
  }
}
