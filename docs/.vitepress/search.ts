/** A page of the API or of the project's own rules comes after one that was written for the reader. */
function boostDocument(id: string): number {
  if (/\/api\//.test(id)) return 0.25;
  return /\/project\//.test(id) ? 0.4 : 1;
}

/** Words that stand in every question and say nothing of what it is about. */
function processTerm(term: string): string | null {
  const word = term.toLowerCase();
  const saysNothing =
    /^(?:a|an|and|any|are|as|at|be|by|can|do|does|for|from|get|has|have|how|i|if|in|is|it|its|me|my|of|on|or|so|that|the|there|this|to|was|what|when|which|will|with|you|your)$/;
  return saysNothing.test(word) ? null : word;
}

/**
 * Options of the site's own search. The functions also run in the reader's browser, where VitePress sends
 * them as text: they use nothing from outside.
 */
export const searchOptions = {
  miniSearch: {
    options: { processTerm },
    searchOptions: {
      boostDocument,
      boost: { title: 4, titles: 1, text: 2 },
      fuzzy: 0.2,
      prefix: true,
    },
  },
};
