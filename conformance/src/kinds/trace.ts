import { type Kind, sameAs } from '../kind.ts';

type Event = Readonly<Record<string, unknown>>;

/**
 * Inputs of a timeline, and the events that it must give. Input: `options` of the header and `inputs`. Output: the list of
 * events. An event may have more fields than are expected.
 */
export const trace: Kind = {
  input: (given) => given,
  problems: ({ expected }: { expected: readonly Event[] }, output: readonly Event[]) => {
    if (output.length !== expected.length)
      return [`${output.length} events; there should be ${expected.length}`];
    for (const [index, event] of expected.entries()) {
      const fields = Object.keys(event).map((name) => [name, output[index]?.[name]] as const);
      const [problem] = sameAs(event, Object.fromEntries(fields));
      if (problem !== undefined) return [`event ${index}: ${problem}`];
    }
    return [];
  },
};
