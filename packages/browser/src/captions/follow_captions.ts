import { CAPTION_TOPIC, parseCaptionMessage, RateLimit } from '@oncue/core/wire';
import type { RemoteParticipant, Room } from 'livekit-client';
import type { HeardPosition } from '../reporter/heard_position.ts';
import { EventList } from '../shared/event_list.ts';
import { followRoom } from '../shared/follow_room.ts';
import { nowMs } from '../shared/page_clock.ts';
import { CaptionBook } from './caption_book.ts';
import type {
  AgentHeardState,
  CaptionEvents,
  CaptionReporter,
  Captions,
  HeardResponse,
} from './captions_api.ts';

/** Messages a second that are looked at, and how many at once: a page that joins gets many. */
const MESSAGES_PER_SECOND = 200;
const MESSAGES_AT_ONCE = 500;

/** The participant attribute in which LiveKit publishes an agent's state. */
const AGENT_STATE = 'lk.agent.state';

/** Options of `followCaptions`. */
export interface CaptionOptions {
  /** Whose messages are believed. Default: of participants that the LiveKit server marks as agents. */
  readonly isAgent?: (participant: RemoteParticipant) => boolean;
}

/**
 * Follows the responses of the agent of a room: what the agent shares of them (`shareWithPage`), and what this page's
 * reporter hears of them. For rooms with one agent. Without `shareWithPage` the responses have no text.
 */
export function followCaptions(
  room: Room,
  reporter: CaptionReporter,
  options: CaptionOptions = {},
): Captions {
  return new RoomCaptions(room, reporter, options);
}

class RoomCaptions implements Captions {
  readonly #room: Room;
  readonly #reporter: CaptionReporter;
  readonly #isAgent: (participant: RemoteParticipant) => boolean;
  readonly #events = new EventList<CaptionEvents & { changed: () => void }>();
  readonly #limit = new RateLimit(MESSAGES_PER_SECOND, MESSAGES_AT_ONCE);
  readonly #closers: (() => void)[] = [];
  readonly #book = new CaptionBook({
    emit: (type, event) => this.#events.emit(type, event),
    changed: () => this.#changed(),
  });
  #agentState: AgentHeardState | undefined;
  #isChangePending = false;

  constructor(room: Room, reporter: CaptionReporter, options: CaptionOptions) {
    this.#room = room;
    this.#reporter = reporter;
    this.#isAgent = options.isAgent ?? (({ isAgent }) => isAgent);
    const review = (): void => this.#reviewState();
    this.#closers.push(
      reporter.on('begin', (position) =>
        this.#book.takeReport({ ...position, phase: 'playing' }, position.sampleRateHz),
      ),
      reporter.on('report', (report) => {
        // A report says where playback should be by now. Words pass only while there is sound, as `playhead` says.
        const heard = report.phase === 'playing' ? { ...report, heardSamples: 0 } : report;
        const position = this.playhead();
        this.#book.takeReport(heard, position?.sampleRateHz);
      }),
      reporter.on('state', () => this.#reviewMute()),
      followRoom(room, {
        dataReceived: (payload, participant, _, topic) => {
          if (topic === CAPTION_TOPIC && participant && this.#isAgent(participant))
            this.#take(new TextDecoder().decode(payload));
        },
        participantAttributesChanged: review,
        participantConnected: review,
        participantDisconnected: review,
        connected: review,
        disconnected: review,
      }),
    );
    this.#reviewMute();
  }

  get responses(): readonly HeardResponse[] {
    return this.#book.responses;
  }

  get agentState(): AgentHeardState | undefined {
    return this.#agentState;
  }

  playhead(): HeardPosition | undefined {
    const position = this.#reporter.playhead();
    return position && this.#book.follow(position);
  }

  on<T extends keyof CaptionEvents>(type: T, listener: CaptionEvents[T]): () => void {
    return this.#events.on(type, listener as (CaptionEvents & { changed: () => void })[T]);
  }

  subscribe(listener: () => void): () => void {
    // A function of its own, so that one listener can subscribe twice.
    return this.#events.on('changed', () => listener());
  }

  close(): void {
    for (const close of this.#closers.splice(0)) close();
  }

  #take(text: string): void {
    if (!this.#limit.allows(nowMs() as never)) {
      this.#events.emit('message_dropped', 'too_many');
      return;
    }
    const parsed = parseCaptionMessage(text);
    if (parsed.ok) this.#book.take(parsed.message);
    else this.#events.emit('message_dropped', parsed.reason);
  }

  /** Tells subscribers once of all that changes in one go. */
  #changed(): void {
    this.#reviewState();
    if (this.#isChangePending) return;
    this.#isChangePending = true;
    queueMicrotask(() => {
      this.#isChangePending = false;
      this.#events.emit('changed', undefined as never);
    });
  }

  /** What has passed until now, passed as the page was before. Of a page that is `away` no mute is known, nor its end. */
  #reviewMute(): void {
    const { state } = this.#reporter;
    const position = this.playhead();
    if (state !== 'away') this.#book.setMuted(state === 'muted', position?.responseId);
    this.#reviewState();
  }

  #reviewState(): void {
    const state = this.#stateNow();
    if (state === this.#agentState) return;
    this.#agentState = state;
    this.#events.emit('agent_state_changed', state);
    this.#changed();
  }

  /** LiveKit's word of `speaking` comes a round trip later than the sound, so this page's own ear decides on that. */
  #stateNow(): AgentHeardState | undefined {
    const agent = [...this.#room.remoteParticipants.values()].find(
      (one) => this.#isAgent(one) && one.attributes[AGENT_STATE] !== undefined,
    );
    const said = agent?.attributes[AGENT_STATE] as AgentHeardState | undefined;
    if (this.#reporter.state !== 'listening') return said;
    if (this.#book.isPlaying && this.#reporter.playhead()) return 'speaking';
    if (said !== 'speaking') return said;
    if (this.#agentState !== 'speaking') return this.#agentState;
    return this.#book.isMoreToCome ? 'speaking' : 'listening';
  }
}
