import type { Random } from './random.ts';

/** What parsers often take wrongly. */
const VALUES = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '1e999',
  '1e308',
  '9007199254740993',
  '0.1',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '[]',
  '{}',
  '[[]]',
  '"__proto__"',
  '{"__proto__":{"v":1}}',
  '{"toString":1}',
];
const CHARACTERS = [
  '\u0000',
  '\u{1f600}',
  '\ud800',
  '今',
  'ก',
  'é',
  '<',
  '&',
  '*',
  '`',
  '\n',
  '\\',
];
/** A longer text is cut. */
const MOST_CHARS = 20_000;

/** A JSON value: a text, a number, or something short. */
const VALUE = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null/gi;

/** Changes a text one to eight times. `words` are those of the parser, `other` is another input that it takes. */
export function mutateText(
  text: string,
  other: string,
  words: readonly string[],
  random: Random,
): string {
  let changed = text;
  const times = 1 + random.below(random.below(2) === 0 ? 2 : 8);
  for (let n = 0; n < times; n += 1) changed = changeText(changed, other, words, random);
  return changed.slice(0, MOST_CHARS);
}

function changeText(text: string, other: string, words: readonly string[], random: Random): string {
  const at = random.below(text.length + 1);
  const until = at + random.below(Math.min(16, text.length - at + 1));
  const put = (piece: string, to = at): string => text.slice(0, at) + piece + text.slice(to);
  switch (random.below(9)) {
    case 0:
      return put('', until);
    case 1:
      return put(text.slice(at, until).repeat(1 + random.below(random.below(20) === 0 ? 500 : 4)));
    case 2:
      return put(random.of(words), random.below(2) === 0 ? until : at);
    case 3:
      return put(JSON.stringify(random.of(words)), at);
    case 4:
      return put(random.of(CHARACTERS), random.below(2) === 0 ? until : at);
    case 5:
      return put(other.slice(random.below(other.length + 1)));
    case 6:
      return put(String.fromCharCode(random.below(random.below(4) === 0 ? 65_536 : 128)), at + 1);
    default:
      return changeValue(text, words, random);
  }
}

/** Puts another value in the place of one, or doubles a field. */
function changeValue(text: string, words: readonly string[], random: Random): string {
  const found = [...text.matchAll(VALUE)];
  if (found.length === 0) return text + random.of(VALUES);
  const { 0: value, index } = random.of(found);
  const with_ = [
    random.of(VALUES),
    random.of(found)[0],
    JSON.stringify(random.of(words)),
    String(random.below(2000) - 1000),
    `${value},${value}`,
  ];
  return text.slice(0, index) + random.of(with_) + text.slice(index + value.length);
}

/** Changes bytes one to eight times. */
export function mutateBytes(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const changed = [...bytes];
  const times = 1 + random.below(8);
  for (let n = 0; n < times; n += 1) {
    const at = random.below(changed.length + 1);
    const kind = random.below(5);
    if (kind === 0) changed[at] = random.below(256);
    else if (kind === 1) changed[at] = random.of([0, 1, 127, 128, 199, 200, 201, 255]);
    else if (kind === 2) changed.splice(at, 1 + random.below(8));
    else if (kind === 3) changed.splice(at, 0, ...other.slice(0, random.below(64)));
    else changed.splice(at, 0, random.below(256));
  }
  return Uint8Array.from(changed.slice(0, MOST_CHARS));
}
