import type { llm } from '@livekit/agents';
import type { OncueEvent, OncueEventOf, SkipReason } from '@oncue/core';
import { heardCaption } from '@oncue/core/internal';
import type { Outcome, Speech } from '../agent/speech.ts';

type Finished = OncueEventOf<'response_playback_finished'>;

/** What a message was made of, and how that ended. */
type MessageSource = Pick<Speech, 'responses' | 'outcomes'>;

/** A message whose responses have not all ended. */
interface Waiting {
  readonly message: llm.ChatMessage;
  readonly source: MessageSource;
  readonly stored: string;
}

/** Nothing was played by Oncue, which says nothing of what the user received. */
const UNKNOWN: readonly SkipReason[] = ['not_spoken', 'not_played'];

/**
 * Corrects what LiveKit stores of an answer, so that the next prompt holds what was heard [LK7].
 *
 * LiveKit asks the output once a segment. Where a response had been handed over to keep the next one gapless, LiveKit has
 * noted its whole text a moment before that was heard. Of a voice that gave no audio, or failed, it stores the whole
 * text. Both are corrected here once the outcome is known; where it is not known, the message stays as it is.
 */
export class ChatCorrection {
  readonly #nothingHeard: (message: llm.ChatMessage) => void;
  #waiting: readonly Waiting[] = [];

  /** @param nothingHeard - gets a message none of whose words was heard. */
  constructor(nothingHeard: (message: llm.ChatMessage) => void) {
    this.#nothingHeard = nothingHeard;
  }

  /** Corrects what waited for the end of a response, once that is noted on its speech. */
  follow(event: OncueEvent): void {
    if (event.type !== 'response_playback_finished' && event.type !== 'response_skipped') return;
    const ready = this.#waiting.filter(({ source }) => isDecided(source));
    this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
    for (const one of ready) this.#put(one);
  }

  /** What was heard of a response, as it is shown: in the words that `transcriptionNode` made of the text. */
  heardCaption(event: Finished, caption: string): string {
    return event.outcome === 'heard' ? caption : heardCaption(caption, event);
  }

  /**
   * Corrects a message that was just made of the responses of `speech`. A forced interruption makes it at once, while
   * audio that was sent still sounds: then it is corrected when the listener has reported what was heard.
   */
  correct(message: llm.ChatMessage, source: MessageSource): void {
    const { responses } = source;
    // What was written, not spoken, is not measured by what was heard [LK16].
    if (message.role !== 'assistant' || !responses.some(({ isVoiced }) => isVoiced)) return;
    const stored = message.textContent ?? '';
    const full = responses.map(({ caption }) => caption).join('');
    // Anything else than our own captions was made elsewhere, and is not ours to change.
    if (stored === '' || !full.startsWith(stored)) return;
    const waiting = { message, source, stored };
    if (isDecided(source)) this.#put(waiting);
    else this.#waiting = [...this.#waiting, waiting];
  }

  #put({ message, source, stored }: Waiting): void {
    // Somebody has written another text in the meantime.
    if (message.textContent !== stored) return;
    const parts = source.responses.map(({ response, caption }) =>
      this.#heardOf(source.outcomes.get(response.id), caption),
    );
    if (parts.includes(undefined)) return;
    const heard = parts.join('');
    if (heard !== stored) message.content = heard === '' ? [] : [heard];
    if (heard === '') this.#nothingHeard(message);
  }

  /** `undefined`: not known. */
  #heardOf(outcome: Outcome | undefined, caption: string): string | undefined {
    // Of a listener that did not answer it is not known what it heard [AU9].
    if (!outcome || outcome.inaudible?.some(({ why }) => why === 'silent')) return undefined;
    if (outcome.type === 'response_playback_finished') return this.heardCaption(outcome, caption);
    return UNKNOWN.includes(outcome.reason) ? undefined : '';
  }
}

function isDecided({ responses, outcomes }: MessageSource): boolean {
  return responses.every(({ response }) => outcomes.has(response.id));
}
