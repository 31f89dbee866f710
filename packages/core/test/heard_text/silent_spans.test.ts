// Tests for SPEC.md, "Heard text": which parts of a text are not spoken, and the pauses that markup requests.
import { expect, it } from 'vitest';
import { maskSilent, silentSpans } from '../../src/heard_text/silent_spans.ts';

const silentIn = (text: string): string[] =>
  silentSpans(text).map(({ start, end }) => text.slice(start, end));

it.each<[kind: string, text: string, silent: string[]]>([
  ['a tag and its end', 'a <em>b</em> c', ['<em>', '</em>']],
  ['a tag with attributes, in two lines', 'a <x y="1"\nz> b', ['<x y="1"\nz>']],
  ['an unfinished tag at the end', 'a <break ti', ['<break ti']],
  ['an unfinished tag that ends another', 'a </em', ['</em']],
  ['the letter after a less-than sign, at the end', 'a <b', ['<b']],
  ['a comment, in two lines', 'a <!-- b > c\nd --> e', ['<!-- b > c\nd -->']],
  ['two comments, but not what is between them', '<!--a-->b<!--c-->', ['<!--a-->', '<!--c-->']],
  ['an unfinished comment', 'a <!-- b', ['<!-- b']],
  ['the address of a link', 'see [this page](https://a.example/b) now', ['(https://a.example/b)']],
  ['an address that is empty', '[a]()b', ['()']],
  [
    'a keycap, with and without a variation selector',
    '1\uFE0F\u20E3#\u20E3*\u20E3',
    ['1\uFE0F\u20E3', '#\u20E3', '*\u20E3'],
  ],
  ['emoji', 'a🎉☎b', ['🎉', '☎']],
])('[HT2] %s', (_kind, text, silent) => {
  expect(silentIn(text)).toEqual(silent);
});

it.each([
  ['a less-than sign before a space or a digit', '2 < 3, I <3 you'],
  ['a less-than sign before a long rest', `a <b ${'c'.repeat(200)}`],
  ['the start of another tag inside', 'a <b or so <'],
  ['brackets that follow no link', 'a (b) [c] (d)'],
  ['brackets that hold more than an address', '[a](b c)'],
  ['brackets inside brackets', '[a](b(c'],
  ['digits and marks', '1 # * **bold** _soft_'],
  ['no text', ''],
])('[HT2] %s: nothing is silent', (_kind, text) => {
  expect(silentIn(text)).toEqual([]);
});

it('[HT2] what is not spoken becomes spaces, so that all offsets stay the same', () => {
  expect(maskSilent('a <b>c🎉d')).toBe('a    c  d');
});

it.each([
  ['<break/>', 400],
  ['<break>', 400],
  ['<break time="300ms"/>', 300],
  ["<BREAK TIME='300MS'/>", 300],
  ['<break time=1.5s>', 1500],
  ['<break strength="weak" time = "2 s" />', 2000],
  ['<break\ntime  =  "20  ms"/>', 20],
  ['<break time="0s"/>', 0],
  // Engines pause for 10 s at most.
  ['<break time="10s"/>', 10_000],
  ['<break time="11s"/>', 10_000],
  [`<break time="${'9'.repeat(400)}s"/>`, 10_000],
  // Not a time.
  ['<break time="1.2.3s"/>', 400],
  ['<break time="3 hours"/>', 400],
  ['<break time="3"/>', 400],
  ['<break strength="strong"/>', 400],
  ['<break uptime="3s"/>', 400],
  // Not a break.
  ['<breakfast time="3s"/>', 0],
  ['<!-- <break time="3s"/> -->', 0],
  ['</break>', 0],
  ['🎉', 0],
])('[HT4] %s requests a pause of %d ms', (tag, pauseMs) => {
  expect(silentSpans(`a ${tag} b`)).toEqual([{ start: 2, end: 2 + tag.length, pauseMs }]);
});
