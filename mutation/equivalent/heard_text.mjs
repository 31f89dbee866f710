/**
 * Of how the heard words are found: see `EQUIVALENT_MUTANTS`.
 *
 * @type {readonly import('../equivalent.d.ts').EquivalentMutant[]}
 */
export const OF_HEARD_TEXT = [
  {
    file: 'packages/core/src/heard_text/align_words.ts',
    line: 'return this.#timed[index]?.endSamples ?? 0;',
    from: 'this.#timed[index]?.endSamples',
    to: 'this.#timed[index].endSamples',
    why: 'only timed words that are there are asked for, once a word has matched',
  },
  {
    file: 'packages/core/src/heard_text/align_words.ts',
    line: '} else if (this.#words[word - 1]?.symbols.some(isSaid)) {',
    from: 'this.#words[word - 1]?.symbols',
    to: 'this.#words[word - 1].symbols',
    why: 'a timed word that was matched has covered a word',
  },
  {
    file: 'packages/core/src/heard_text/align_words.ts',
    line: "if (this.#words[word]?.letters === '') return false;",
    from: 'this.#words[word]?.letters',
    to: 'this.#words[word].letters',
    why: 'only words of the text are looked at',
  },
  {
    file: 'packages/core/src/heard_text/align_words.ts',
    line: 'if (!this.#words[from]?.isNumber) return false;',
    from: 'this.#words[from]?.isNumber',
    to: 'this.#words[from].isNumber',
    why: 'a word of the text follows it',
  },
  {
    file: 'packages/core/src/heard_text/align_words.ts',
    line: 'if (said.length !== wanted.length || timedAt <= last) continue;',
    from: 'timedAt <= last',
    to: 'timedAt < last',
    why: 'two words are never at one place: the same words have their own places by their order, and others have other letters',
  },
  {
    file: 'packages/core/src/heard_text/align_words.ts',
    line: 'const said = this.#timed[this.#next - 1]?.allSymbols;',
    from: 'this.#timed[this.#next - 1]?.allSymbols',
    to: 'this.#timed[this.#next - 1].allSymbols',
    why: 'a word is covered, so a timed word was matched',
  },
  {
    file: 'packages/core/src/heard_text/align_words.ts',
    line: 'return !this.#words[this.#ends.length - 1]?.symbols.every((symbol) => said?.includes(symbol));',
    from: 'this.#words[this.#ends.length - 1]?.symbols',
    to: 'this.#words[this.#ends.length - 1].symbols',
    why: 'a word is covered',
  },
  {
    file: 'packages/core/src/heard_text/align_words.ts',
    line: 'return !this.#words[this.#ends.length - 1]?.symbols.every((symbol) => said?.includes(symbol));',
    from: 'said?.includes',
    to: 'said.includes',
    why: 'a word is covered, so a timed word was matched',
  },
  {
    file: 'packages/core/src/heard_text/align_words.ts',
    line: 'result.push({ letters, ...ends, symbols: [], allSymbols: symbols });',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'what this adds is no symbol of any word',
  },
  {
    file: 'packages/core/src/heard_text/expected_times.ts',
    line: 'for (let span = spans[nextSpan]; span && span.start < start; span = spans[nextSpan]) {',
    from: 'span.start < start',
    to: 'span.start <= start',
    why: 'no word starts where markup does, since markup is no part of a word',
  },
  {
    file: 'packages/core/src/heard_text/heard_caption.ts',
    line: 'text += caption.slice(shown[place - 1]?.shownEnd ?? 0, shown[place]?.shownEnd);',
    from: 'shown[place]?.shownEnd',
    to: 'shown[place].shownEnd',
    why: 'the caption has as many words as the text',
  },
];
