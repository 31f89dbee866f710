import { type Kind, sameAs } from '../kind.ts';

interface Text {
  /** Either the text itself … */
  readonly text?: string;
  /** … or a message with so many characters of filling. */
  readonly message?: Readonly<Record<string, unknown>>;
  readonly fill?: number;
}

const message: Kind = {
  input: ({ text, message: value, fill = 0 }: Text) => ({
    text: text ?? JSON.stringify({ ...value, ...(fill > 0 && { fill: 'x'.repeat(fill) }) }),
  }),
  problems: ({ expected }, output) => sameAs(expected, output),
};

/** Is this text a message of an agent? Output: `{ accepted }`. */
export const agentMessage: Kind = message;

/** Is this text a message for captions that can be used? Output: `{ accepted }`. */
export const captionMessage: Kind = message;

/** Is this text a message of a listener? Output: `{ accepted }`. */
export const listenerMessage: Kind = message;

/** Input: `bytes` in base64. Output: `frame` with its fields, or null. */
export const audioFrame: Kind = {
  // A vector that is too long for a file ends with so many `zeros`.
  input: ({ bytes, zeros = 0 }: { readonly bytes: string; readonly zeros?: number }) => ({
    bytes: Buffer.concat([Buffer.from(bytes, 'base64'), Buffer.alloc(zeros)]).toString('base64'),
  }),
  problems: ({ expected }, output) => sameAs(expected, output),
};
