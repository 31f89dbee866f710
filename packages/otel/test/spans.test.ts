import { context, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterEach, describe, expect, it } from 'vitest';
import { idsOf, traceOncue } from '../src/index.ts';
import { TracedTimeline } from './support/traced_timeline.ts';

afterEach(() => trace.disable());

describe('the span of a response', () => {
  it('[OT2] is under the agent_turn of its speech, from the first to the last heard sample', () => {
    const stage = new TracedTimeline();
    const parent = stage.tracerProvider.getTracer('livekit').startSpan('agent_turn');
    stage.speech('speech_1', trace.setSpan(ROOT_CONTEXT, parent));
    const id = stage.say(stage.openTurn(), 100);
    stage.clock.advance(90);
    stage.heard(id, 40.5, 40, 'playing');
    expect(stage.spans).toEqual([]);
    stage.clock.advance(60);
    stage.heard(id, 40.5, 100, 'ended');

    const [span] = stage.spans;
    expect(span?.name).toBe('oncue.response');
    expect(span?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
    expect(span && stage.lifeOf(span)[0]).toBeCloseTo(40.5, 3);
    expect(span && stage.lifeOf(span)[1]).toBeCloseTo(140.5, 3);
    expect(span?.attributes).toMatchObject({
      'lk.speech_id': 'speech_1',
      'oncue.response.id': id,
      'oncue.response.index': 0,
      'oncue.outcome': 'heard',
      'oncue.evidence': 'device',
      'oncue.error_bound_ms': 2,
      'oncue.heard_ms': 100,
      'oncue.heard_ratio': 1,
    });
  });

  it('[OT2] keeps the agent_turn that was there when the response was declared', () => {
    const stage = new TracedTimeline();
    const tracer = stage.tracerProvider.getTracer('livekit');
    const [first, second] = [tracer.startSpan('first'), tracer.startSpan('second')];
    stage.speech('speech_1', trace.setSpan(ROOT_CONTEXT, first));
    const turn = stage.openTurn();
    stage.say(turn, 100);
    stage.speech('speech_1', trace.setSpan(ROOT_CONTEXT, second));
    stage.say(turn, 100);
    stage.clock.advance(5000);

    expect(stage.spans.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
      first.spanContext().spanId,
      second.spanContext().spanId,
    ]);
  });

  it('[OT2] begins where a refinement before its end put the start', () => {
    const stage = new TracedTimeline();
    const id = stage.say(stage.openTurn(), 3000);
    stage.clock.advance(1500);
    const [before] = [stage.timeline.state];
    expect(before.playout).toHaveLength(1);
    stage.heard(id, 30, 1000, 'playing');
    stage.clock.advance(3000);
    stage.heard(id, 30, 3000, 'ended');

    const [span] = stage.spans;
    expect(span && stage.lifeOf(span)[0]).toBeCloseTo(30, 3);
    expect(span?.events).toMatchObject([
      { name: 'oncue.refined', attributes: { 'oncue.before.evidence': 'estimate' } },
    ]);
  });

  it('[OT3] has no length and a reason if the response was skipped', () => {
    const stage = new TracedTimeline();
    const turn = stage.openTurn();
    turn.begin();
    turn.close();
    turn.end();

    const [span] = stage.spans;
    expect(span?.attributes).toMatchObject({
      'oncue.outcome': 'skipped',
      'oncue.skip_reason': 'no_text',
    });
    expect(span?.startTime).toEqual(span?.endTime);
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('[OT3] has the status of an error if the response failed', () => {
    const stage = new TracedTimeline();
    const { id } = stage.openTurn().begin();
    stage.timeline.responseFailed(id, 'no voice');

    expect(stage.spans).toMatchObject([
      {
        status: { code: SpanStatusCode.ERROR },
        attributes: { 'oncue.skip_reason': 'failed' },
        events: [{ name: 'exception', attributes: { 'exception.message': 'no voice' } }],
      },
    ]);
  });

  it('[OT5] holds no text, and with includeText only in attributes that LiveKit filters', () => {
    const attributes = [false, true].map((includeText) => {
      const stage = new TracedTimeline({ includeText });
      stage.say(stage.openTurn(), 100, { metadata: 'One secret' });
      stage.clock.advance(5000);
      expect(JSON.stringify([stage.spans[0]?.name, stage.spans[0]?.events])).not.toContain('One');
      return Object.entries(stage.spans[0]?.attributes ?? {}).filter(([, value]) =>
        String(value).includes('One'),
      );
    });

    expect(attributes).toEqual([
      [],
      [
        ['oncue.pii.heard_text', 'One two.'],
        ['oncue.pii.full_text', 'One two.'],
      ],
    ]);
  });

  it('[OT5] holds of the metadata what the application maps', () => {
    const stage = new TracedTimeline({
      metadataAttributes: (metadata) => ({ 'app.kind': String(metadata) }),
    });
    stage.say(stage.openTurn(), 100, { metadata: 'greeting' });
    stage.clock.advance(5000);

    expect(stage.spans[0]?.attributes).toMatchObject({ 'app.kind': 'greeting' });
  });

  it('[OT10] is sent if the function that maps its metadata throws, and says so', () => {
    const stage = new TracedTimeline({
      metadataAttributes: () => {
        throw new Error('no kind');
      },
    });
    stage.say(stage.openTurn(), 100);
    stage.clock.advance(5000);
    stage.openTurn('speech_2').begin();
    stage.timeline.cut('user_speech');

    expect(stage.spans).toHaveLength(2);
    for (const { events } of stage.spans)
      expect(events).toMatchObject([
        { attributes: { 'exception.message': 'metadataAttributes: no kind' } },
      ]);
  });
});

describe('the span of a task', () => {
  it('[OT4] is under that of its response, whichever ends first', async () => {
    const stage = new TracedTimeline();
    let finish = (): void => {};
    const turn = stage.openTurn();
    stage.say(turn, 100, { onPlaybackStarted: () => {} });
    stage.say(turn, 100, {
      onPlaybackStarted: () => new Promise((resolve) => (finish = resolve)),
    });
    await stage.clock.advanceAsync(5000);
    finish();
    await stage.clock.advanceAsync(10);

    const responses = stage.spans.filter(({ name }) => name === 'oncue.response');
    const tasks = stage.spans.filter(({ name }) => name === 'oncue.task');
    expect(tasks.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
      responses.map((span) => span.spanContext().spanId),
    );
    expect(tasks).toHaveLength(2);
    expect(tasks[1]?.attributes).toMatchObject({ 'oncue.task.result': 'finished' });
  });

  it('[OT4] records what the task threw', async () => {
    const stage = new TracedTimeline();
    stage.say(stage.openTurn(), 100, {
      onPlaybackStarted: () => {
        throw new Error('no map');
      },
    });
    await stage.clock.advanceAsync(5000);

    const task = stage.spans.find(({ name }) => name === 'oncue.task');
    expect(task?.status.code).toBe(SpanStatusCode.ERROR);
    expect(task?.events).toMatchObject([{ attributes: { 'exception.message': 'no map' } }]);
    expect(task?.attributes).toMatchObject({ 'oncue.task.result': 'failed' });
  });
});

describe('providers', () => {
  it('[OT1] without one nothing is sent and nothing throws; one that is set later is used', () => {
    const stage = new TracedTimeline({ tracerProvider: () => trace.getTracerProvider() });
    const exporter = new InMemorySpanExporter();
    const turn = stage.openTurn();
    stage.say(turn, 100);
    stage.clock.advance(5000);
    trace.setGlobalTracerProvider(
      new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    );
    stage.say(turn, 100);
    stage.clock.advance(5000);

    expect(exporter.getFinishedSpans()).toHaveLength(1);
  });

  it('[OT10] if one throws, its error is told once for each end, and later responses are still traced', () => {
    let isBroken = true;
    const stage: TracedTimeline = new TracedTimeline({
      tracerProvider: () => {
        if (isBroken) throw new Error('no provider yet');
        return stage.tracerProvider;
      },
    });
    const failures: string[] = [];
    stage.timeline.on('callback_failed', ({ message }) => failures.push(message));
    stage.say(stage.openTurn(), 100);
    stage.clock.advance(5000);
    isBroken = false;
    stage.say(stage.openTurn('speech_2'), 100);
    stage.clock.advance(5000);

    expect(failures).toEqual(['no provider yet']);
    expect(stage.spans.map(({ attributes }) => attributes['lk.speech_id'])).toEqual(['speech_2']);
  });

  it('[OT1] the function that traceOncue returns stops it', () => {
    const stage = new TracedTimeline();
    stage.stop();
    stage.say(stage.openTurn(), 100);
    stage.clock.advance(5000);

    expect(stage.spans).toEqual([]);
    expect(stage.session.eventNames()).toEqual([]);
  });

  it('[OT2] without the span of a turn, the context of the running code is the parent', () => {
    const stage = new TracedTimeline();
    expect(context.active()).toBe(ROOT_CONTEXT);
    stage.say(stage.openTurn('unknown'), 100);
    stage.clock.advance(5000);

    expect(stage.spans[0]?.parentSpanContext).toBeUndefined();
  });
});

it.each([
  [[undefined, 'session'], 'takes what attachOncue returned'],
  [['oncue', undefined], 'takes what attachOncue returned'],
  [['session', 'oncue'], 'takes what attachOncue returned'],
  [['oncue', 'session', null], 'an object of options, not null'],
  [['oncue', 'session', { includetext: true }], 'no option "includetext"'],
  [['oncue', 'session', { includeText: 'yes' }], 'includeText is yes'],
  [['oncue', 'session', { tracerProvider: {} }], 'must be a TracerProvider'],
  [['oncue', 'session', { meterProvider: {} }], 'must be a MeterProvider'],
  [['oncue', 'session', { metadataAttributes: {} }], 'metadataAttributes must be a function'],
])('[OT10] traceOncue(%o) is refused: %s', (args, advice) => {
  const { oncue, session } = new TracedTimeline();
  const given = args.map((one) => (one === 'oncue' ? oncue : one === 'session' ? session : one));

  expect(() => (traceOncue as (...of: unknown[]) => unknown)(...given)).toThrow(
    expect.objectContaining({
      code: 'ONCUE_BAD_OPTION',
      message: expect.stringContaining(advice),
    }),
  );
});

it('[OT8] idsOf names the ids of an event as the spans do', () => {
  const stage = new TracedTimeline();
  const logged: object[] = [];
  stage.timeline.onAny((event) => logged.push(idsOf(event)));
  stage.say(stage.openTurn(), 100, { onPlaybackStarted: () => {} });
  stage.clock.advance(5000);
  stage.timeline.listenerChanged(true);

  const span = stage.spans.find(({ name }) => name === 'oncue.response');
  expect(span?.attributes).toMatchObject(logged[0] ?? {});
  expect(logged[0]).toMatchObject({ 'lk.speech_id': 'speech_1', 'oncue.response.index': 0 });
  expect(logged).toContainEqual(expect.objectContaining({ 'oncue.task.id': 'task_1' }));
  expect(logged.at(-1)).toEqual({});
});
