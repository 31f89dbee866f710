import type { llm } from '@livekit/agents';
import type { OncueEvent, OncueEventOf, SkipReason } from '@oncue/core';
import {
  heardCaption,
  type LatestOutcome,
  type Outcome,
  type PerhapsHeard,
} from '@oncue/core/internal';
import type { Speech, SpokenResponse } from '../agent/speech.ts';

/** What a message was made of, and how that ended. */
type MessageSource = Pick<Speech, 'responses' | 'outcomes' | 'transcripts' | 'perhapsHeard'>;

/** What was heard of a response, or may have been. */
export type Heard =
  | Pick<OncueEventOf<'response_playback_finished'>, 'outcome' | 'fullText' | 'heardText'>
  | PerhapsHeard;

/** The text that is shown for a response. */
type Shown = Pick<SpokenResponse, 'caption' | 'mayCaptionGoOn'>;

/** A message whose responses have not all ended. */
interface Waiting {
  readonly message: llm.ChatMessage;
  readonly source: MessageSource;
  /** What LiveKit stored. */
  readonly stored: string;
  /** What it holds until then: what can have been heard. */
  readonly provisional: string;
}

/** What the corrections need of their session. */
export interface ChatCorrectionPort {
  /** Gets a message none of whose words was heard. */
  readonly nothingHeard: (message: llm.ChatMessage) => void;
  /** Handlers got a message with the text `before`. It now holds `text`. */
  readonly corrected: (of: { messageId: string; text: string; before: string }) => void;
  /** How the responses that were cut and still sound end at the most. */
  readonly latestOutcomes: () => readonly LatestOutcome[];
}

/** Oncue played nothing, or cannot say what its listener heard: neither says that the user received nothing. */
const UNKNOWN: readonly SkipReason[] = ['not_spoken', 'not_played', 'not_known'];

/**
 * Corrects what LiveKit stores of an answer, so that the next prompt holds what was heard [LK7].
 *
 * LiveKit asks the output once a segment. Where a response had been handed over to keep the next one gapless, LiveKit has
 * noted its whole text a moment before that was heard. If a voice gave no audio, or failed, LiveKit stores the whole
 * text. Both are corrected here once the outcome is known. Where it is not known of a response, what is stored of it stays.
 *
 * A message that handlers get before that holds what can have been heard [LK7]. A correction of it is reported [LK21].
 */
export class ChatCorrection {
  readonly #port: ChatCorrectionPort;
  #waiting: readonly Waiting[] = [];

  constructor(port: ChatCorrectionPort) {
    this.#port = port;
  }

  /** Corrects what waited for the end of a response, once that is noted on its speech. */
  follow(event: OncueEvent): void {
    if (event.type !== 'response_playback_finished' && event.type !== 'response_skipped') return;
    const ready = this.#waiting.filter(({ source }) => isDecided(source));
    this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
    for (const one of ready) {
      const text = this.#put(one);
      const { message, provisional: before } = one;
      if (text === undefined || text === before) continue;
      this.#port.corrected({ messageId: message.id, text, before });
    }
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
    if (isDecided(source)) {
      this.#put({ message, source, stored, provisional: stored });
      return;
    }
    const latest = this.#heardOf(source, stored, this.#port.latestOutcomes());
    const provisional = latest.length < stored.length ? latest : stored;
    setText(message, provisional);
    // By then the speech may say the answer to a tool, which is another message.
    const { outcomes, transcripts, perhapsHeard } = source;
    const ofMessage = { responses, outcomes, transcripts, perhapsHeard };
    this.#waiting = [...this.#waiting, { message, source: ofMessage, stored, provisional }];
  }

  /** @returns What it holds now; `undefined`: somebody has written another text in the meantime. */
  #put({ message, source, stored, provisional }: Waiting): string | undefined {
    if ((message.textContent ?? '') !== provisional) return undefined;
    const heard = this.#heardOf(source, stored);
    setText(message, heard);
    if (heard === '') this.#port.nothingHeard(message);
    return heard;
  }

  /**
   * What was heard of a message. A response of which that is not known keeps what LiveKit stored of it.
   *
   * @param latest - ends of responses that have not ended.
   */
  #heardOf(source: MessageSource, stored: string, latest: readonly LatestOutcome[] = []): string {
    const captions = source.responses.map(({ caption }) => caption);
    let from = 0;
    const parts = source.responses.map((spoken) => {
      const { caption } = spoken;
      const { id } = spoken.response;
      const ofStored = stored.slice(from, from + caption.length);
      from += caption.length;
      const ended = source.outcomes.get(id);
      const last = ended ? undefined : latest.find(({ outcome }) => outcome.responseId === id);
      const perhaps = ended ? source.perhapsHeard.get(id) : last?.perhaps;
      const heard = perhaps ?? ended ?? last?.outcome;
      return source.transcripts.get(id) ?? heardOfResponse(heard, spoken) ?? ofStored;
    });
    return joined(parts, captions);
  }
}

/** What was heard of a response ends with a word; before that of a later one comes the white space that its caption ends with. */
function joined(parts: readonly string[], captions: readonly string[]): string {
  return parts.reduce((text, part, place) => {
    const isApart = text === '' || part === '' || /\s$/.test(text) || /^\s/.test(part);
    const before = captions.slice(0, place).findLast((_, at) => parts[at] !== '') ?? '';
    return text + (isApart ? '' : (/\s+$/.exec(before)?.[0] ?? '')) + part;
  }, '');
}

/** What was heard of a response, as it is shown: in the words that `transcriptionNode` made of the text. */
export function heardOfCaption(heard: Heard, shown: Shown | undefined): string {
  if (!shown) return heard.heardText;
  const isWhole = 'isWhole' in heard ? heard.isWhole : heard.outcome === 'heard';
  const { caption, mayCaptionGoOn: mayGoOn } = shown;
  return isWhole ? caption : heardCaption(caption, heard, { mayGoOn });
}

/** What was heard of it, or of a listener that did not answer may have been [AU9]. `undefined`: not known. */
function heardOfResponse(
  heard: Outcome | PerhapsHeard | undefined,
  shown: Shown,
): string | undefined {
  if (!heard) return undefined;
  if ('isWhole' in heard) return heardOfCaption(heard, shown);
  if (heard.inaudible?.some(({ why }) => why === 'silent')) return undefined;
  if (heard.type === 'response_playback_finished') return heardOfCaption(heard, shown);
  return UNKNOWN.includes(heard.reason) ? undefined : '';
}

function setText(message: llm.ChatMessage, text: string): void {
  if (text !== (message.textContent ?? '')) message.content = [text];
}

function isDecided({ responses, outcomes }: MessageSource): boolean {
  return responses.every(({ response }) => outcomes.has(response.id));
}
