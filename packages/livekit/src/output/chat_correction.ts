import type { llm } from '@livekit/agents';
import { heardCaption, type OncueEvent, type OncueEventOf, type ResponseId } from '@oncue/core';
import type { Speech } from '../agent/speech.ts';

type Finished = OncueEventOf<'response_playback_finished'>;

/** Messages that wait for outcomes: one is usual, and none waits longer than a cut takes to be reported. */
const MESSAGES_KEPT = 16;

/** A message whose responses have not all ended. */
interface Waiting {
  readonly message: llm.ChatMessage;
  readonly responses: Speech['responses'];
  readonly stored: string;
}

/** Outcomes kept for messages that are still to be made. A turn rarely has more responses than this. */
const OUTCOMES_KEPT = 64;

/**
 * Corrects what LiveKit stores of an interrupted answer, so that the next prompt holds what was heard [PB6].
 *
 * LiveKit asks the output once a segment. Where a response had been handed over to keep the next one gapless, it was
 * told "heard to the end" a moment before that was so; it is corrected here once the outcome is known.
 */
export class ChatCorrection {
  readonly #outcomes = new Map<ResponseId, Finished | undefined>();
  readonly #nothingHeard: (message: llm.ChatMessage) => void;
  #waiting: readonly Waiting[] = [];

  /** @param nothingHeard - gets a message none of whose words was heard. */
  constructor(nothingHeard: (message: llm.ChatMessage) => void) {
    this.#nothingHeard = nothingHeard;
  }

  /** Remembers how each response ended, and corrects what waited for it. */
  follow(event: OncueEvent): void {
    if (event.type === 'response_playback_finished') this.#keep(event.responseId, event);
    else if (event.type === 'response_skipped') this.#keep(event.responseId, undefined);
    else return;
    const ready = this.#waiting.filter(({ responses }) => this.#isKnown(responses));
    this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
    for (const one of ready) this.#put(one);
  }

  /** What was heard of a response, as it is shown: in the words that `transcriptionNode` made of the text. */
  heardCaption(event: Finished, caption: string): string {
    if (!event.interrupted) return caption;
    return heardCaption(caption, event);
  }

  /**
   * Corrects a message that was just made of the responses of `speech`. A forced interruption makes it at once, while
   * audio that was sent still sounds: then it is corrected when the listener has reported what was heard.
   */
  correct(message: llm.ChatMessage, { responses }: Pick<Speech, 'responses'>): void {
    if (message.role !== 'assistant' || !message.interrupted) return;
    const stored = message.textContent ?? '';
    const full = responses.map(({ caption }) => caption).join('');
    // Anything else than our own captions was made elsewhere, and is not ours to change.
    if (stored === '' || !full.startsWith(stored)) return;
    const waiting = { message, responses, stored };
    if (this.#isKnown(responses)) this.#put(waiting);
    else this.#waiting = [...this.#waiting, waiting].slice(-MESSAGES_KEPT);
  }

  #isKnown(responses: Waiting['responses']): boolean {
    return responses.every(({ response }) => this.#outcomes.has(response.id));
  }

  #put({ message, responses, stored }: Waiting): void {
    // Somebody has written another text in the meantime.
    if (message.textContent !== stored) return;
    const heard = responses
      .map(({ response, caption }) => {
        const outcome = this.#outcomes.get(response.id);
        return outcome ? this.heardCaption(outcome, caption) : '';
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
