// Tests for SPEC.md, "Traces and clocks": single lines of a trace, and what is said of those that cannot be read.
import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMELINE_OPTIONS } from '../src/options.ts';
import {
  CUT_BY_TEXT,
  cutByText,
  encodeTraceLine,
  lineAtMs,
  parseTrace,
  parseTraceLine,
  replayTrace,
  SKIP_REASON_TEXT,
  type TraceLine,
  TraceRecorder,
} from '../src/trace/index.ts';

const HEADER = { kind: 'header', v: 2, options: {} };

const refusal = (message: string) =>
  expect.objectContaining({ code: 'ONCUE_BAD_FORMAT', message: expect.stringContaining(message) });

describe('a line', () => {
  it.each([
    [HEADER, undefined],
    [{ ...HEADER, epochAtZeroMs: 0 }, undefined],
    [{ kind: 'input', input: { type: 'tick', atMs: 5 } }, 5],
    [{ kind: 'event', event: { type: 'agent_state_applied', atMs: 6, seq: 1 } }, 6],
    [{ kind: 'note', note: { type: 'mine', atMs: 7, more: [1] } }, 7],
  ])('[TR1] %o comes back as it was written, and its instant is %s', (line, atMs) => {
    const parsed = parseTraceLine(encodeTraceLine(line as unknown as TraceLine), 1);

    expect(parsed).toEqual(line);
    expect(lineAtMs(parsed)).toBe(atMs);
  });

  it.each([
    ['{"kind":', 'line 3 of the trace is not JSON; was the file truncated?'],
    ['null', 'line 3 is not a line of an Oncue trace'],
    ['7', 'line 3 is not a line of an Oncue trace'],
    ['{}', 'line 3 is not a line of an Oncue trace'],
    ['{"kind":"picture"}', 'line 3 is not a line of an Oncue trace'],
    ['{"kind":"input"}', 'line 3 is not a line of an Oncue trace'],
    ['{"kind":"input","input":null}', 'line 3 is not a line of an Oncue trace'],
    ['{"kind":"input","input":{"type":"tick"}}', 'line 3 is not a line of an Oncue trace'],
    ['{"kind":"input","input":{"atMs":5}}', 'line 3 is not a line of an Oncue trace'],
    ['{"kind":"event","event":{"type":"a","atMs":5}}', 'line 3 is not a line of an Oncue trace'],
    ['{"kind":"event","event":{"seq":5}}', 'line 3 is not a line of an Oncue trace'],
    ['{"kind":"note","note":{"type":"a"}}', 'line 3 is not a line of an Oncue trace'],
    ['{"kind":"header","v":3,"options":{}}', 'this trace has version 3, and versions 1 and 2'],
    ['{"kind":"header","v":2}', 'line 3 is not the header of a trace'],
    ['{"kind":"header","v":2,"options":7}', 'line 3 is not the header of a trace'],
    [
      '{"kind":"header","v":2,"options":{},"epochAtZeroMs":"0"}',
      'line 3 is not the header of a trace',
    ],
  ])('[TR1] %s is refused: %s', (text, message) => {
    expect(() => parseTraceLine(text, 3)).toThrow(refusal(message));
  });

  it('[TR1] what JSON said of a line is the cause', () => {
    expect(() => parseTraceLine('{', 1)).toThrow(
      expect.objectContaining({ cause: expect.any(SyntaxError) }),
    );
  });

  it('[TR4] a header of version 1 has the option names of today', () => {
    const options = (of: object) =>
      (parseTraceLine(JSON.stringify({ ...HEADER, v: 1, options: of }), 1) as typeof HEADER)
        .options;

    expect(options({ followPathWithinMs: 300, stallTimeoutMs: 5 })).toEqual({
      maxPathDriftMs: 300,
      stallTimeoutMs: 5,
    });
    expect(options({ stallTimeoutMs: 5 })).toStrictEqual({ stallTimeoutMs: 5 });
  });
});

describe('a trace', () => {
  const header = JSON.stringify(HEADER);
  const note = (atMs: number) => `{"kind":"note","note":{"type":"mine","atMs":${atMs}}}`;

  it('[TR1] may have empty lines, and its last line counts if it has its end', () => {
    const countOf = (text: string) => parseTrace(text).lines.length;

    expect(countOf(`${header}\n\n${note(1)}\n  \n${note(2)}\n`)).toBe(2);
    expect(countOf(`${header}\n${note(1)}\n${note(2)}`)).toBe(1);
  });

  it('[TR1] begins with its header, and says in which line something is broken', () => {
    const noHeader = 'the first line of a trace is its header; this file has none';

    expect(() => parseTrace(`${note(1)}\n${header}\n`)).toThrow(refusal(noHeader));
    expect(() => parseTrace('')).toThrow(refusal(noHeader));
    expect(() => parseTrace(`${header}\nbroken\n`)).toThrow(refusal('line 2 of the trace'));
  });

  it('[TR1][TR5] is written with all options, and with the wall clock if that is known', () => {
    const headerOf = (of?: ConstructorParameters<typeof TraceRecorder>[1]) => {
      let trace = '';
      new TraceRecorder((line) => (trace += line), of);
      return JSON.parse(trace);
    };

    expect(headerOf()).toStrictEqual({ ...HEADER, options: DEFAULT_TIMELINE_OPTIONS });
    expect(headerOf({ options: { stallTimeoutMs: 7 }, epochAtZeroMs: 5 })).toStrictEqual({
      ...HEADER,
      options: { ...DEFAULT_TIMELINE_OPTIONS, stallTimeoutMs: 7 },
      epochAtZeroMs: 5,
    });
  });

  it('[TR3] has metadata as it was when it was first seen, and other values as they are', () => {
    const lines: string[] = [];
    const recorder = new TraceRecorder((line) => lines.push(line));
    const metadata = { n: 1 };
    const record = (of: unknown) =>
      recorder.record({ type: 'tick', atMs: 0, metadata: of } as never, []);
    record(metadata);
    metadata.n = 2;
    for (const of of [metadata, null, 'text', undefined, 1n, () => 1]) record(of);

    const said = lines.slice(1).map((line) => JSON.parse(line).input.metadata);
    const none = '[metadata that JSON cannot encode]';
    expect(said).toEqual([{ n: 1 }, { n: 1 }, null, 'text', undefined, none, none]);
  });
});

describe('a replay', () => {
  const traceOf = (...lines: readonly object[]) =>
    [HEADER, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
  const opened = { kind: 'input', input: { type: 'turn_opened', turnId: 't', atMs: 1 } };
  const begun = {
    kind: 'input',
    input: {
      type: 'response_begun',
      turnId: 't',
      responseId: 't.0',
      index: 0,
      implicit: false,
      atMs: 2,
    },
  };

  it('[TR2] shows the first difference: what was recorded, what comes now, or that one has nothing', () => {
    const events = replayTrace(traceOf(opened, begun)).events;
    const recorded = events.map((event) => ({ kind: 'event', event }));
    const [first] = recorded;
    const text = JSON.stringify(first);
    const other = { kind: 'event', event: { type: 'other', atMs: 1, seq: 1 } };
    const differenceOf = (...lines: readonly object[]) => {
      const { firstDifference } = replayTrace(traceOf(opened, begun, ...lines));
      return firstDifference;
    };

    expect(events.length).toBeGreaterThan(0);
    expect(differenceOf(...recorded)).toBeUndefined();
    expect(differenceOf()).toStrictEqual({ index: 0, replayed: text });
    expect(differenceOf(other)).toStrictEqual({
      index: 0,
      recorded: JSON.stringify(other),
      replayed: text,
    });
    expect(differenceOf(...recorded, other)).toStrictEqual({
      index: recorded.length,
      recorded: JSON.stringify(other),
    });
  });

  it('[TR4] compares all fields of an event, but of version 1 only those that were recorded', () => {
    const { events } = replayTrace(traceOf(opened, begun));
    const text = JSON.stringify({ kind: 'event', event: events[0] });
    const differenceOf = (v: number, ...recorded: readonly object[]) => {
      const [, ...lines] = traceOf(opened, begun).split('\n');
      const all = recorded.map((event) => JSON.stringify({ kind: 'event', event }));
      const header = JSON.stringify({ ...HEADER, v });
      return replayTrace([header, ...lines.slice(0, -1), ...all, ''].join('\n')).firstDifference;
    };

    expect(differenceOf(1, ...events)).toBeUndefined();
    expect(differenceOf(1)).toStrictEqual({ index: 0, replayed: text });
    expect(differenceOf(1, { ...events[0], type: 'other' })).toMatchObject({ replayed: text });
    const older = Object.fromEntries(
      Object.entries(events[0] ?? {}).filter(([name]) => name !== 'index'),
    );
    expect(differenceOf(1, older, ...events.slice(1))).toBeUndefined();
    expect(differenceOf(2, older, ...events.slice(1))).toMatchObject({ replayed: text });
  });

  it('[TR2] says which input is broken, and why', () => {
    const at = (input: object) => () => replayTrace(traceOf({ kind: 'input', input }));

    expect(at({ type: 'flown', atMs: 5 })).toThrow(
      refusal(
        'the input "flown" at 5 ms is not known; replay it with the @oncue/core that wrote it',
      ),
    );
    expect(at({ type: 'turn_opened', atMs: 5 })).toThrow(
      refusal('the input "turn_opened" at 5 ms is broken: `turnId` is not a text'),
    );
    expect(at({ type: 'words_timed', atMs: 5, responseId: 'a', words: {} })).toThrow(
      refusal('`words` is not a list'),
    );
  });

  it('[TR2] says what went wrong in an input whose fields are right, with the cause', () => {
    const inputs = [
      { type: 'audio_sent', responseId: 't.0', samples: 100, sampleRateHz: 1000, atMs: 3 },
      { type: 'words_timed', responseId: 't.0', words: [null], atMs: 4 },
      { type: 'closed', atMs: 600 },
    ].map((input) => ({ kind: 'input', input }));

    expect(() => replayTrace(traceOf(opened, begun, ...inputs))).toThrow(
      expect.objectContaining({
        code: 'ONCUE_BAD_FORMAT',
        message: expect.stringMatching(/^the input "closed" at 600 ms is broken: .*null/),
        cause: expect.any(TypeError),
      }),
    );
  });
});

describe('texts for people', () => {
  it('what cut a response is named, also in the words of version 1, and if nothing says it', () => {
    expect(cutByText('handoff')).toBe('a handoff to another agent');
    expect(cutByText('user')).toBe('the user');
    expect(cutByText('agent')).toBe('the agent');
    expect(cutByText('magic')).toBe('something not known');
    expect(cutByText()).toBe('something not known');
  });

  it.each([
    ['cause of a cut', CUT_BY_TEXT],
    ['reason of a skip', SKIP_REASON_TEXT],
  ])('each %s has a text of its own', (_what, texts) => {
    const all = Object.values(texts);

    expect(all.length).toBeGreaterThan(5);
    for (const text of all) expect(text).toMatch(/^[a-z]+( [A-Za-z,]+)+$/);
    expect(new Set(all).size).toBe(all.length);
  });
});
