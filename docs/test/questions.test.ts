import { expect, it } from 'vitest';
import { FIRST, isAnswered, QUESTIONS } from './questions.ts';
import { openSiteSearch } from './site_search.ts';

const search = await openSiteSearch();

it.each(QUESTIONS)('the search answers "%s"', (question, answer) => {
  const found = search(question).slice(0, FIRST);
  expect(isAnswered(answer, found), `${answer} is not among ${found.join(', ')}`).toBe(true);
});

it('the search finds nothing for words that no page has', () => {
  expect(search('xyzzyplugh')).toEqual([]);
});
