import type { llm } from '@livekit/agents';
import { heardText, type OncueEvent, type OncueEventOf, type ResponseId } from '@oncue/core';
import type { Speech } from './speech.ts';

type Finished = OncueEventOf<'response_playback_finished'>;

/** Outcomes kept for messages that are still to be made. A turn rarely has more responses than this. */
const OUTCOMES_KEPT = 64;

/**
 * Puts right what LiveKit stores of an interrupted answer, so that the next prompt holds what was heard [PB6].
 *
 * LiveKit asks the output once a segment. Where a response had been handed over to keep the next one gapless, it was
 * told "heard to the end" a moment before that was so; here the last word is said.
 */
export class ChatTruth {
  readonly #outcomes = new Map<ResponseId, Finished | undefined>();

  /** Remembers how each response ended. */
  follow(event: OncueEvent): void {
    if (event.type === 'response_playback_finished') this.#keep(event.responseId, event);
    else if (event.type === 'response_skipped') this.#keep(event.responseId, undefined);
  }

  /** What was heard of a response, as it is shown: in the words that `transcriptionNode` made of the text. */
  heardCaption(event: Finished, caption: string): string {
    if (!event.interrupted) return caption;
    // While the response is still being made, its captions are not complete.
    if (event.fullText.startsWith(caption)) return event.heardText;
    // Captions that differ from the text have no word times of their own: the same share of them was heard.
    const share = {
      heardSamples: event.heardText.length,
      sentSamples: Math.max(1, event.fullText.length),
    };
    return heardText({ text: caption, words: [], sampleRateHz: 1, audioEnded: true, ...share })
      .text;
  }

  /** Corrects a message that was just made of the parts of `speech`. */
  correct(message: llm.ChatMessage, speech: Speech): void {
    if (message.role !== 'assistant' || !message.interrupted) return;
    const stored = message.textContent ?? '';
    const full = speech.parts.map((part) => part.caption).join('');
    // Anything else than our own captions was made elsewhere, and is not ours to change.
    if (stored === '' || !full.startsWith(stored)) return;
    const heard = speech.parts
      .map((part) => {
        const outcome = this.#outcomes.get(part.response.id);
        return outcome ? this.heardCaption(outcome, part.caption) : '';
      })
      .join('');
    if (heard !== '' && heard !== stored) message.content = [heard];
  }

  #keep(id: ResponseId, outcome: Finished | undefined): void {
    this.#outcomes.set(id, outcome);
    if (this.#outcomes.size > OUTCOMES_KEPT)
      this.#outcomes.delete(this.#outcomes.keys().next().value ?? id);
  }
}
