import { expect, it } from 'vitest';
import { openSiteSearch } from './site_search.ts';

/** Answers stand among the first results, without scrolling. */
const FIRST = 3;

/** What newcomers ask, in their words, and the section that answers. */
const QUESTIONS: readonly (readonly [question: string, answer: string])[] = [
  [
    'how do I hang up after the goodbye was heard',
    '/recipes.html#hang-up-after-the-goodbye-was-heard',
  ],
  [
    'log to a database with wall-clock time',
    '/recipes.html#log-to-a-database-with-wall-clock-time',
  ],
];

const search = await openSiteSearch();

it.each(QUESTIONS)('the search answers "%s"', (question, answer) => {
  expect(search(question).slice(0, FIRST)).toContain(answer);
});

it('the search finds nothing for words that no page has', () => {
  expect(search('xyzzyplugh')).toEqual([]);
});
