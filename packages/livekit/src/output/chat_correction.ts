import type { llm, voice } from '@livekit/agents';
import { heardCaption, type OncueEvent, type OncueEventOf, type ResponseId } from '@oncue/core';
import type { Speech } from '../agent/speech.ts';

type Finished = OncueEventOf<'response_playback_finished'>;

/** Messages that wait for outcomes: one is usual, and none waits longer than a cut takes to be told. */
const MESSAGES_KEPT = 16;

/** A message of which not all outcomes are known. */
interface Waiting {
  readonly message: llm.ChatMessage;
  readonly parts: Speech['parts'];
  readonly stored: string;
}

/** Outcomes kept for messages that are still to be made. A turn rarely has more responses than this. */
const OUTCOMES_KEPT = 64;

/**
 * Puts right what LiveKit stores of an interrupted answer, so that the next prompt holds what was heard [PB6].
 *
 * LiveKit asks the output once a segment. Where a response had been handed over to keep the next one gapless, it was
 * told "heard to the end" a moment before that was so; here the last word is said.
 */
export class ChatCorrection {
  readonly #outcomes = new Map<ResponseId, Finished | undefined>();
  readonly #nothingHeard: (message: llm.ChatMessage) => void;
  #waiting: readonly Waiting[] = [];

  /** @param nothingHeard - gets a message of which no word was heard. */
  constructor(nothingHeard: (message: llm.ChatMessage) => void) {
    this.#nothingHeard = nothingHeard;
  }

  /** Remembers how each response ended, and corrects what waited for it. */
  follow(event: OncueEvent): void {
    if (event.type === 'response_playback_finished') this.#keep(event.responseId, event);
    else if (event.type === 'response_skipped') this.#keep(event.responseId, undefined);
    else return;
    const ready = this.#waiting.filter(({ parts }) => this.#isKnown(parts));
    this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
    for (const one of ready) this.#put(one);
  }

  /** What was heard of a response, as it is shown: in the words that `transcriptionNode` made of the text. */
  heardCaption(event: Finished, caption: string): string {
    if (!event.interrupted) return caption;
    return heardCaption(caption, event);
  }

  /**
   * Corrects a message that was just made of the parts of `speech`. A forced interruption makes it at once, when what was
   * on its way still sounds: then it is corrected when the listener has said what he heard.
   */
  correct(message: llm.ChatMessage, { parts }: Pick<Speech, 'parts'>): void {
    if (message.role !== 'assistant' || !message.interrupted) return;
    const stored = message.textContent ?? '';
    const full = parts.map((part) => part.caption).join('');
    // Anything else than our own captions was made elsewhere, and is not ours to change.
    if (stored === '' || !full.startsWith(stored)) return;
    const waiting = { message, parts, stored };
    if (this.#isKnown(parts)) this.#put(waiting);
    else this.#waiting = [...this.#waiting, waiting].slice(-MESSAGES_KEPT);
  }

  #isKnown(parts: Waiting['parts']): boolean {
    return parts.every((part) => this.#outcomes.has(part.response.id));
  }

  #put({ message, parts, stored }: Waiting): void {
    // Somebody has written another text in the meantime.
    if (message.textContent !== stored) return;
    const heard = parts
      .map((part) => {
        const outcome = this.#outcomes.get(part.response.id);
        return outcome ? this.heardCaption(outcome, part.caption) : '';
      })
      .join('');
    if (heard !== stored) message.content = heard === '' ? [] : [heard];
    if (heard === '') this.#nothingHeard(message);
  }

  #keep(id: ResponseId, outcome: Finished | undefined): void {
    this.#outcomes.set(id, outcome);
    if (this.#outcomes.size > OUTCOMES_KEPT)
      this.#outcomes.delete(this.#outcomes.keys().next().value ?? id);
  }
}

/** An agent's own part of the conversation; its `chatCtx` is a copy that cannot be changed. */
interface ChatOwner {
  readonly _chatCtx?: llm.ChatContext;
}

/** Takes a message back of which no word was heard. LiveKit stores none for an answer that was cut so early. */
export function removeMessage(session: voice.AgentSession, message: llm.ChatMessage): void {
  for (const chat of [session.history, (session.currentAgent as unknown as ChatOwner)._chatCtx])
    if (chat?.getById(message.id)) chat.remove(message.id);
}
