import { type Kind, sameAs } from '../kind.ts';

/** A message of the agent; or what the listener's own measurement says of a response. */
type Step =
  | { readonly text: string }
  | { readonly message: Readonly<Record<string, unknown>> }
  | { readonly heard: Readonly<Record<string, unknown>> };

/**
 * What a listener shows of the responses of an agent. Input: `steps`, in the order in which they happen: `text`, a message of
 * the topic `oncue.captions`, or `heard`, how far a response has sounded at this listener. Output: for each response, in the
 * order in which they became known, `{ id, status, text, heardWords, heardText }`.
 */
export const captions: Kind = {
  input: ({ steps }: { readonly steps: readonly Step[] }) => ({
    steps: steps.map((step) =>
      'message' in step ? { text: JSON.stringify({ v: 1, ...step.message }) } : step,
    ),
  }),
  problems: ({ expected }, output) => sameAs(expected, output),
};
