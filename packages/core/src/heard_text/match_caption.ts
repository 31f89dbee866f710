import { lettersOf } from './align_words.ts';

/** The spoken words that a shown word stands for: from the first up to, and without, the last. None if it was added. */
export interface StandsFor {
  readonly from: number;
  readonly to: number;
}

/** Which spoken words each word of a caption stands for. */
interface MatchedCaption {
  readonly places: readonly StandsFor[];
  /** The two have no words in common, as in two languages, and not as many either. Only the order is known then. */
  readonly isOtherText: boolean;
}

/** A shown word that is a spoken one. */
interface Anchor {
  readonly shown: number;
  readonly spoken: number;
}

/** Where this many pairs of words would have to be compared, only the order is used: a long text must not hold up the agent. */
const MAX_PAIRS = 250_000;
/** A single word that both lists have may be a different "and". One with so many letters is hardly. */
const TELLING_LETTERS = 4;

/**
 * Which spoken words each word of a caption stands for. The caption may leave out words, add some, and say some in another way:
 * between two words that both have, the words stand for each other by their order.
 */
export function matchCaption(
  shownWords: readonly string[],
  spokenWords: readonly string[],
): MatchedCaption {
  const shown = shownWords.map(comparable);
  const spoken = spokenWords.map(comparable);
  const anchors = tellingOnly(commonWords(shown, spoken), shown, spoken);
  const places: StandsFor[] = [];
  let from = 0;
  for (const anchor of [...anchors, { shown: shown.length, spoken: spoken.length }]) {
    places.push(...inOrder(anchor.shown - places.length, { from, to: anchor.spoken }));
    if (anchor.shown < shown.length) places.push({ from: anchor.spoken, to: anchor.spoken + 1 });
    from = anchor.spoken + 1;
  }
  const isOtherText = anchors.length === 0 && shown.length !== spoken.length;
  return { places, isOtherText };
}

/** What a number of shown words stand for if together they stand for all of these spoken ones. */
function inOrder(count: number, { from, to }: StandsFor): readonly StandsFor[] {
  const all = to - from;
  return Array.from({ length: count }, (_, place) => ({
    from: from + Math.floor((place * all) / count),
    to: from + Math.ceil(((place + 1) * all) / count),
  }));
}

/** A symbol alone has no letters. */
function comparable(word: string): string {
  return lettersOf(word) || word;
}

/** The longest list of words that both have in the same order. */
function commonWords(shown: readonly string[], spoken: readonly string[]): readonly Anchor[] {
  const shorter = Math.min(shown.length, spoken.length);
  let before = 0;
  while (before < shorter && shown[before] === spoken[before]) before += 1;
  let after = 0;
  while (after < shorter - before && shown.at(-1 - after) === spoken.at(-1 - after)) after += 1;
  const pairs = (from: Anchor, length: number): readonly Anchor[] =>
    Array.from({ length }, (_, at) => ({ shown: from.shown + at, spoken: from.spoken + at }));
  const between = longestCommon(
    shown.slice(before, shown.length - after),
    spoken.slice(before, spoken.length - after),
  );
  return [
    ...pairs({ shown: 0, spoken: 0 }, before),
    ...between.map((pair) => ({ shown: pair.shown + before, spoken: pair.spoken + before })),
    ...pairs({ shown: shown.length - after, spoken: spoken.length - after }, after),
  ];
}

function longestCommon(shown: readonly string[], spoken: readonly string[]): readonly Anchor[] {
  const width = spoken.length + 1;
  if (shown.length * spoken.length > MAX_PAIRS) return [];
  /** How many words are common from a place in each list on. */
  const common = new Uint16Array((shown.length + 1) * width);
  const at = (a: number, b: number): number => common[a * width + b] ?? 0;
  for (let a = shown.length - 1; a >= 0; a -= 1) {
    const word = shown[a];
    let afterBoth = 0;
    let afterSpoken = 0;
    for (let b = spoken.length - 1; b >= 0; b -= 1) {
      const afterShown = at(a + 1, b);
      afterSpoken = word === spoken[b] ? afterBoth + 1 : Math.max(afterShown, afterSpoken);
      afterBoth = afterShown;
      common[a * width + b] = afterSpoken;
    }
  }
  const found: Anchor[] = [];
  let a = 0;
  let b = 0;
  while (at(a, b) > 0) {
    if (shown[a] === spoken[b]) {
      found.push({ shown: a, spoken: b });
      a += 1;
      b += 1;
    } else if (at(a + 1, b) >= at(a, b + 1)) a += 1;
    else b += 1;
  }
  return found;
}

/** Without the words that may be common by chance. */
function tellingOnly(
  anchors: readonly Anchor[],
  shown: readonly string[],
  spoken: readonly string[],
): readonly Anchor[] {
  const isPair = (one: Anchor, other: Anchor | undefined): boolean =>
    Math.abs(one.shown - (other?.shown ?? NaN)) === 1 &&
    Math.abs(one.spoken - (other?.spoken ?? NaN)) === 1;
  return anchors.filter((anchor, at) => {
    const isFirst = anchor.shown === 0 && anchor.spoken === 0;
    const isLast = anchor.shown === shown.length - 1 && anchor.spoken === spoken.length - 1;
    const word = shown[anchor.shown] ?? '';
    const isTelling = word.length >= TELLING_LETTERS || /\p{N}/u.test(word);
    const isNext = isPair(anchor, anchors[at - 1]) || isPair(anchor, anchors[at + 1]);
    return isFirst || isLast || isTelling || isNext;
  });
}
