import { llm, voice } from '@livekit/agents';
import {
  type AgentMs,
  OncueError,
  type OncueEventOf,
  type ResponseId,
  type TurnId,
} from '@oncue/core';
import { isOfAnother } from '@oncue/core/internal';
import { type SpokenResponse, speechHere } from './agent/speech.ts';
import { toSeconds } from './livekit_units.ts';
import type { OncueSession } from './oncue_session.ts';
import { heardOfCaption } from './output/chat_correction.ts';
import { spokenIn } from './session_speeches.ts';

/** One response that was heard, as a chat message, with the ids that join it to the rest. @beta */
export interface HeardMessage {
  /**
   * Its id is `responseId`, its text what was heard, `createdAt` the first heard sample, and `interrupted` says whether
   * it was cut. `metrics` has both instants.
   */
  readonly message: llm.ChatMessage;
  readonly responseId: ResponseId;
  readonly turnId: TurnId;
  /** The `id` of the `SpeechHandle`. */
  readonly speechId: string | undefined;
  /** The `id` of LiveKit's own message, in `conversation_item_added`. `undefined` if LiveKit has not made it yet. */
  readonly itemId: string | undefined;
  readonly outcome: OncueEventOf<'response_playback_finished'>['outcome'];
}

/** What was heard in a session, one message a response. Grows with the session, so it is only made on demand. @beta */
export interface ResponseHistory {
  /** In the order in which they were heard. */
  readonly items: readonly HeardMessage[];
  /**
   * A copy of the session's history in which the messages of the responses stand for each message of LiveKit that was
   * made of them. A message with another text, for example because somebody changed it, stays as it is. A response of which
   * no word was heard has no message there [RH2].
   */
  toChatContext(): llm.ChatContext;
  /** Records no more. What was recorded stays. */
  stop(): void;
}

type HeardEvent = OncueEventOf<'response_playback_finished' | 'response_outcome_corrected'>;

interface Heard {
  /** The end, or the last correction of it. */
  readonly event: HeardEvent;
  readonly startedAtMs: AgentMs;
  /** As it was told. A start that is known better only later may lie after it. */
  readonly endedAtMs: AgentMs;
}

/** What LiveKit and the agent made of a response. */
interface Joined {
  /** `undefined`: LiveKit has not made a message of it. */
  readonly itemId: string | undefined;
  readonly spoken: SpokenResponse;
}

/**
 * Records one chat message for each response that is heard from now on. Call it before `session.start` to have all.
 *
 * LiveKit keeps one message a turn, which Oncue corrects to what was heard; this is for those who need to know which
 * response of it was cut.
 *
 * @throws OncueError `ONCUE_BAD_OPTION` for arguments that are something else.
 * @beta
 */
export function recordHistory<UserData>(
  oncue: Pick<OncueSession, 'on' | 'toEpochMs'>,
  session: voice.AgentSession<UserData>,
): ResponseHistory {
  const isOncue = typeof (oncue as Partial<OncueSession> | undefined)?.toEpochMs === 'function';
  if (!isOncue || !(session instanceof voice.AgentSession))
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      'recordHistory takes what attachOncue returned, and the session: recordHistory(oncue, session)',
    );
  if (isOfAnother(oncue, session))
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      'recordHistory got what attachOncue returned for another session; give it the two that belong together',
    );
  return new RecordedHistory(oncue, session as unknown as voice.AgentSession);
}

class RecordedHistory implements ResponseHistory {
  readonly #oncue: Pick<OncueSession, 'toEpochMs'>;
  readonly #session: voice.AgentSession;
  readonly #removers: readonly (() => void)[];
  readonly #startedAtMs = new Map<ResponseId, AgentMs>();
  readonly #heard = new Map<ResponseId, Heard>();
  /** Those that began to be heard, with their captions. */
  readonly #spoken = new Map<ResponseId, SpokenResponse>();
  /** The responses that each message of LiveKit was made of, by its id. */
  readonly #responsesOf = new Map<string, readonly SpokenResponse[]>();

  constructor(oncue: Pick<OncueSession, 'on' | 'toEpochMs'>, session: voice.AgentSession) {
    this.#oncue = oncue;
    this.#session = session;
    const join = ({ item }: voice.ConversationItemAddedEvent): void => {
      // LiveKit adds the message in the async context of the speech that it is of.
      const responses = speechHere()?.responses;
      if (item.type === 'message' && item.role === 'assistant' && responses)
        this.#responsesOf.set(item.id, [...responses]);
    };
    const { ConversationItemAdded } = voice.AgentSessionEventTypes;
    session.on(ConversationItemAdded, join);
    this.#removers = [
      () => void session.off(ConversationItemAdded, join),
      oncue.on('response_playback_started', (event) => this.#started(event)),
      oncue.on('response_playback_refined', (event) => this.#started(event)),
      oncue.on('response_playback_finished', (event) => this.#finished(event)),
      oncue.on('response_outcome_corrected', (event) => this.#corrected(event)),
    ];
  }

  get items(): readonly HeardMessage[] {
    const joined = new Map<ResponseId, Joined>();
    for (const [id, spoken] of this.#spoken) joined.set(id, { itemId: undefined, spoken });
    for (const [itemId, responses] of this.#responsesOf)
      for (const spoken of responses) joined.set(spoken.response.id, { itemId, spoken });
    return [...this.#heard].map(([id, heard]) => this.#messageOf(heard, joined.get(id)));
  }

  toChatContext(): llm.ChatContext {
    const heard = new Map(this.items.map((one) => [one.responseId, one.message]));
    const items = this.#session.history.items.flatMap((item) => {
      const parts = (this.#responsesOf.get(item.id) ?? []).flatMap(({ response }) => {
        const message = heard.get(response.id);
        return message ? [message] : [];
      });
      const text = parts.map((message) => message.textContent).join('');
      const isMadeOf = parts.length > 0 && item.type === 'message' && item.textContent === text;
      // Some models refuse a message without text. A response can be heard, and no whole word of it.
      return isMadeOf ? parts.filter((message) => message.textContent) : [item];
    });
    return new llm.ChatContext(items);
  }

  stop(): void {
    for (const remove of this.#removers) remove();
  }

  /** A refinement may come after the end. */
  #started(event: OncueEventOf<'response_playback_started' | 'response_playback_refined'>): void {
    const { responseId, startedAtMs } = event;
    const spoken = spokenIn(this.#session, event);
    if (spoken) this.#spoken.set(responseId, spoken);
    const heard = this.#heard.get(responseId);
    if (heard) this.#heard.set(responseId, { ...heard, startedAtMs });
    else if (event.type === 'response_playback_started' || this.#startedAtMs.has(responseId))
      this.#startedAtMs.set(responseId, startedAtMs);
  }

  #finished(event: OncueEventOf<'response_playback_finished'>): void {
    const startedAtMs = this.#startedAtMs.get(event.responseId);
    this.#startedAtMs.delete(event.responseId);
    const { responseId, endedAtMs } = event;
    if (startedAtMs !== undefined) this.#heard.set(responseId, { event, startedAtMs, endedAtMs });
  }

  /** One that had no message, since nothing was known to be heard of it, gets its place among those that were heard. */
  #corrected(event: OncueEventOf<'response_outcome_corrected'>): void {
    const { responseId, positionAtMs: endedAtMs } = event;
    if (event.heardSamples <= 0) {
      this.#heard.delete(responseId);
      return;
    }
    const before = this.#heard.get(responseId);
    // A start after the reported position is refuted by it. Otherwise the report may tell of a later part only.
    const isKnown = before !== undefined && before.startedAtMs <= endedAtMs;
    const startedAtMs = isKnown ? before.startedAtMs : event.startedAtMs;
    this.#heard.set(responseId, { event, startedAtMs, endedAtMs });
    if (isKnown) return;
    const inOrder = [...this.#heard].sort(([, a], [, b]) => a.startedAtMs - b.startedAtMs);
    this.#heard.clear();
    for (const [id, heard] of inOrder) this.#heard.set(id, heard);
  }

  #messageOf({ event, startedAtMs, endedAtMs }: Heard, joined: Joined | undefined): HeardMessage {
    const { responseId, turnId, speechId, outcome, interrupted } = event;
    const createdAt = this.#oncue.toEpochMs(startedAtMs);
    const stoppedAt = Math.max(createdAt, this.#oncue.toEpochMs(endedAtMs));
    const message = llm.ChatMessage.create({
      id: responseId,
      role: 'assistant',
      // In the words that `transcriptionNode` made of the text, as in LiveKit's message [LK7].
      content: heardOfCaption(event, joined?.spoken),
      interrupted,
      createdAt,
      metrics: {
        startedSpeakingAt: toSeconds(createdAt),
        stoppedSpeakingAt: toSeconds(stoppedAt),
      },
    });
    return { message, responseId, turnId, speechId, itemId: joined?.itemId, outcome };
  }
}
