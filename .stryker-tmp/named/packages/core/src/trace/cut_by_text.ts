import type { CutBy } from '../events.ts';

/** What stopped a response. Completes a sentence that begins with "cut by". */
export const CUT_BY_TEXT: Readonly<Record<CutBy, string>> = {
  user_speech: 'the user',
  user_text: 'a message of the user',
  code: 'the application',
  handoff: 'a handoff to another agent',
  close: 'the end of the session',
  not_known: 'something not known',
};

/** The words of traces of version 1. */
const OF_VERSION_1: Readonly<Record<string, string>> = { user: 'the user', agent: 'the agent' };

/** The text for what an event of any trace says. */
export function cutByText(cutBy: string = 'not_known'): string {
  return CUT_BY_TEXT[cutBy as CutBy] ?? OF_VERSION_1[cutBy] ?? CUT_BY_TEXT.not_known;
}
