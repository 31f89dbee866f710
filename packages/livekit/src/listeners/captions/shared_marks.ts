import type { ResponseId } from '@oncue/core';
import { type HeardTextQuery, placeInAudio } from '@oncue/core/internal';
import type { CaptionMark } from '@oncue/core/wire';

/** The marks of one response as pages know them. A mark is sent when its place in the audio is known, or known better. */
export class SharedMarks {
  readonly #responseId: ResponseId;
  readonly #marks: { readonly name: string; readonly textOffset: number }[] = [];
  #messages: readonly CaptionMark[] = [];
  readonly #sent = new Map<number, CaptionMark>();

  constructor(responseId: ResponseId) {
    this.#responseId = responseId;
  }

  get count(): number {
    return this.#marks.length;
  }

  place(name: string, textOffset: number): void {
    this.#marks.push({ name, textOffset });
  }

  /** More of the text or the audio is known. */
  locate(query: HeardTextQuery): void {
    this.#messages = this.#marks.flatMap(({ name, textOffset }, mark): CaptionMark[] => {
      const place = placeInAudio(query, textOffset);
      if (!place) return [];
      const { samples, isExact } = place;
      const atSamples = Math.ceil(samples);
      const responseId = this.#responseId;
      return [{ type: 'mark', responseId, mark, name, atSamples, isEstimated: !isExact }];
    });
  }

  /** One message for every mark whose place is known. */
  get all(): readonly CaptionMark[] {
    return this.#messages;
  }

  /** Those of `all` that pages do not have yet, or have with an older place. */
  get due(): readonly CaptionMark[] {
    return this.#messages.filter(({ mark, atSamples, isEstimated }) => {
      const sent = this.#sent.get(mark);
      return sent?.atSamples !== atSamples || sent.isEstimated !== isEstimated;
    });
  }

  noteSent(message: CaptionMark): void {
    this.#sent.set(message.mark, message);
  }
}
