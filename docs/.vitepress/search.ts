/** A page of the API or of the project's own rules comes after one that was written for the reader. */
function boostDocument(id: string): number {
  if (/\/api\//.test(id)) return 0.25;
  return /\/project\//.test(id) ? 0.4 : 1;
}

/**
 * What is looked for when a reader types a word: nothing, if it stands in every question and says nothing of what it is about;
 * else the word, together with the words that these pages have for the same thing.
 */
function processTerm(term: string): string | string[] | null {
  const alike: Record<string, string[]> = {
    accuracy: ['sure', 'bound'],
    accurate: ['sure', 'bound'],
    alternative: ['others'],
    alternatives: ['others'],
    bandwidth: ['wire', 'costs'],
    bot: ['agent'],
    cpu: ['costs', 'processor'],
    dial: ['phone'],
    gdpr: ['privacy', 'learns'],
    hostile: ['believe'],
    jest: ['test'],
    malicious: ['believe'],
    mock: ['test'],
    mongodb: ['database'],
    mysql: ['database'],
    personal: ['privacy', 'learns'],
    postgres: ['database'],
    postgresql: ['database'],
    subtitle: ['captions'],
    subtitles: ['captions'],
    telephone: ['telephony', 'phone'],
    telnyx: ['telephony', 'phone'],
    twilio: ['telephony', 'phone'],
    vitest: ['test'],
    vonage: ['telephony', 'phone'],
  };
  const word = term.toLowerCase();
  const saysNothing =
    /^(?:a|an|and|any|are|as|at|be|by|can|do|does|for|from|get|has|have|how|i|if|in|is|it|its|me|my|of|on|or|so|that|the|there|this|to|was|what|when|which|will|with|you|your)$/;
  if (saysNothing.test(word)) return null;
  return Object.hasOwn(alike, word) ? [word, ...(alike[word] ?? [])] : word;
}

/**
 * Options of the site's own search. The functions also run in the reader's browser, where VitePress sends
 * them as text: they use nothing from outside.
 */
export const searchOptions = {
  miniSearch: {
    searchOptions: {
      boostDocument,
      processTerm,
      boost: { title: 4, titles: 1, text: 2 },
      fuzzy: 0.2,
      prefix: true,
    },
  },
};
