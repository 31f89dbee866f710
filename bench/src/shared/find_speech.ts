/**
 * Finds known speech in a recording, offline and to the sample.
 *
 * Shares nothing with the packages under test: it knows only what each text sounds like. It explains the recording
 * from its start: every sample that is not silent must belong to the head of some known speech, or to the rest of the
 * one before it. What cannot be explained is counted.
 */

/** What a text is known to sound like. */
export interface KnownSpeech {
  readonly text: string;
  readonly samples: Int16Array;
  /** Each word with the white space after it, and the sample by which it has been spoken. */
  readonly words: readonly { readonly text: string; readonly endSamples: number }[];
}

/** A stretch of the recording that is known speech. */
export interface FoundSpeech {
  readonly speech: KnownSpeech;
  /** Place in the recording of the speech's first sample, which may be a silent one. */
  readonly startSample: number;
  /** How many of its samples are there, from the first on. */
  readonly heardSamples: number;
  /** Place after the last of them. */
  readonly endSample: number;
  /** How often silence was put into the middle of it. */
  readonly breakCount: number;
}

export interface Findings {
  readonly found: readonly FoundSpeech[];
  /** Samples with sound in them that are no known speech. */
  readonly unexplainedSamples: number;
}

/** A shorter match may be chance: single small samples are alike in all speech. */
const LEAST_SOUNDING_SAMPLES = 4;

interface Match {
  readonly endSample: number;
  readonly nextSample: number;
  readonly soundingSamples: number;
}

export function findSpeech(recording: Int16Array, known: readonly KnownSpeech[]): Findings {
  const found: FoundSpeech[] = [];
  let unexplainedSamples = 0;
  let place = nextSound(recording, 0);
  while (place < recording.length) {
    const last = found.at(-1);
    const rest = last && continuation(recording, place, last);
    const fresh = bestHead(recording, place, known, last?.endSample ?? 0);
    if (rest && rest.soundingSamples > (fresh?.soundingSamples ?? 0)) {
      found[found.length - 1] = { ...rest.speech, endSample: rest.endSample };
      place = nextSound(recording, rest.endSample);
    } else if (fresh) {
      found.push(fresh.speech);
      place = nextSound(recording, fresh.speech.endSample);
    } else {
      unexplainedSamples += 1;
      place = nextSound(recording, place + 1);
    }
  }
  return { found, unexplainedSamples };
}

function bestHead(
  recording: Int16Array,
  place: number,
  known: readonly KnownSpeech[],
  freeFrom: number,
): { readonly speech: FoundSpeech; readonly soundingSamples: number } | undefined {
  let best: { readonly speech: FoundSpeech; readonly soundingSamples: number } | undefined;
  for (const speech of known) {
    const startSample = place - nextSound(speech.samples, 0);
    if (startSample < freeFrom) continue;
    const match = compare(recording, place, speech.samples, place - startSample);
    if (match.soundingSamples <= (best?.soundingSamples ?? LEAST_SOUNDING_SAMPLES - 1)) continue;
    const { endSample, nextSample: heardSamples, soundingSamples } = match;
    best = {
      speech: { speech, startSample, heardSamples, endSample, breakCount: 0 },
      soundingSamples,
    };
  }
  return best;
}

function continuation(
  recording: Int16Array,
  place: number,
  last: FoundSpeech,
):
  | {
      readonly speech: FoundSpeech;
      readonly endSample: number;
      readonly soundingSamples: number;
    }
  | undefined {
  const { samples } = last.speech;
  const from = nextSound(samples, last.heardSamples);
  if (from >= samples.length) return undefined;
  const match = compare(recording, place, samples, from);
  if (match.soundingSamples === 0) return undefined;
  const breakCount = last.breakCount + 1;
  const speech = { ...last, heardSamples: match.nextSample, breakCount };
  return { speech, endSample: match.endSample, soundingSamples: match.soundingSamples };
}

/** Silence at the end of a match that is not the end of the speech could be anyone's, so it is left out. */
function compare(recording: Int16Array, place: number, samples: Int16Array, from: number): Match {
  let length = 0;
  let soundingSamples = 0;
  let soundingLength = 0;
  while (from + length < samples.length && recording[place + length] === samples[from + length]) {
    length += 1;
    if (samples[from + length - 1] === 0) continue;
    soundingSamples += 1;
    soundingLength = length;
  }
  const taken = from + length === samples.length ? length : soundingLength;
  return { endSample: place + taken, nextSample: from + taken, soundingSamples };
}

function nextSound(samples: Int16Array, from: number): number {
  let place = from;
  while (place < samples.length && samples[place] === 0) place += 1;
  return place;
}

/** The words that were heard to their end. */
export function heardWords(found: FoundSpeech): readonly string[] {
  return found.speech.words
    .filter((word) => word.endSamples <= found.heardSamples)
    .map((word) => word.text.trim());
}
