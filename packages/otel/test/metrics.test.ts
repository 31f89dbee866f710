import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { afterEach, expect, it } from 'vitest';
import { TracedTimeline } from './support/traced_timeline.ts';

afterEach(() => metrics.disable());

/** Two measured responses in one speech: heard from 140 ms and from 240 ms on. */
function answer(stage: TracedTimeline): void {
  stage.timeline.listenerChanged(true);
  const turn = stage.openTurn();
  const first = stage.say(turn, 100);
  const second = stage.say(turn, 100);
  stage.clock.advance(100);
  stage.heard(first, 40, 60, 'playing');
  stage.clock.advance(150);
  stage.heard(first, 40, 100, 'ended');
  stage.heard(second, 140, 90, 'playing');
  stage.heard(second, 140, 100, 'ended');
}

it('[OT6] time to heard counts from the end of the user’s speech to the first heard sample, once', async () => {
  const stage = new TracedTimeline();
  stage.timeline.listenerChanged(true);
  stage.clock.advance(1000);
  stage.userStopped(400);
  const turn = stage.openTurn();
  const id = stage.say(turn, 100);
  stage.say(turn, 100);
  stage.clock.advance(200);
  stage.heard(id, 1050, 100, 'ended');
  stage.clock.advance(5000);

  expect(await stage.measured('oncue.response.time_to_heard')).toEqual([
    { attributes: { 'oncue.evidence': 'device' }, value: expect.closeTo(0.65, 6), count: 1 },
  ]);
  expect(stage.spans.map(({ attributes }) => attributes['oncue.time_to_heard_ms'])).toEqual([
    expect.closeTo(650, 3),
    undefined,
  ]);
});

it('[OT6] the rest of a speech that was heard before the user spoke answers nothing', async () => {
  const stage = new TracedTimeline();
  const turn = stage.openTurn();
  stage.say(turn, 100);
  stage.clock.advance(2000);
  stage.userStopped(1900);
  stage.say(turn, 100);
  stage.clock.advance(2000);
  expect(await stage.measured('oncue.response.time_to_heard')).toEqual([]);

  stage.say(stage.openTurn('speech_2'), 100);
  stage.clock.advance(2000);
  expect(await stage.measured('oncue.response.time_to_heard')).toHaveLength(1);
});

it('[OT6] delivery delay and error bound are in seconds, by evidence', async () => {
  const stage = new TracedTimeline();
  answer(stage);

  const attributes = { 'oncue.evidence': 'device' };
  expect(await stage.measured('oncue.response.delivery_delay')).toEqual([
    { attributes, value: expect.closeTo(0.08, 6), count: 2 },
  ]);
  expect(await stage.measured('oncue.start.error_bound')).toEqual([
    { attributes, value: expect.closeTo(0.004, 6), count: 2 },
  ]);
});

it('[OT6] a prediction that was early counts its distance, on that side', async () => {
  const stage = new TracedTimeline();
  stage.timeline.listenerChanged(true);
  const turn = stage.openTurn();
  const first = stage.say(turn, 100);
  stage.clock.advance(150);
  stage.heard(first, 40, 100, 'ended');
  const id = stage.say(turn, 100, { task: { run: () => {}, timing: 'predicted' } });
  stage.clock.advance(100);
  stage.heard(id, 200, 40, 'playing');

  const [measured] = await stage.measured('oncue.prediction.error');
  expect(measured?.attributes).toEqual({
    'oncue.evidence': 'device',
    'oncue.prediction.side': 'early',
  });
  expect(measured?.value).toBeGreaterThan(0);
});

it('[OT7] responses are counted by outcome, evidence and reason, dropped reports by reason', async () => {
  const stage = new TracedTimeline();
  answer(stage);
  stage.openTurn('speech_2').begin();
  stage.timeline.cut('user_speech');
  stage.timeline.reportDropped('bad_format');
  stage.timeline.reportDropped('bad_format');
  stage.timeline.reportDropped('too_many');
  stage.clock.advance(5000);

  expect(await stage.measured('oncue.responses')).toMatchObject([
    { attributes: { 'oncue.outcome': 'heard', 'oncue.evidence': 'device' }, value: 2 },
    { attributes: { 'oncue.outcome': 'skipped', 'oncue.skip_reason': 'cut' }, value: 1 },
  ]);
  expect(await stage.measured('oncue.reports.dropped')).toMatchObject([
    { attributes: { 'oncue.drop_reason': 'bad_format' }, value: 2 },
    { attributes: { 'oncue.drop_reason': 'too_many' }, value: 1 },
  ]);
});

it('[OT7] a correction is counted by both outcomes', async () => {
  const stage = new TracedTimeline();
  const id = stage.say(stage.openTurn('speech_1'), 100);
  stage.timeline.audibilityChanged('silent');
  stage.clock.advance(5000);
  stage.heard(id, 0, 100, 'ended');

  expect(await stage.measured('oncue.responses.corrected')).toMatchObject([
    { attributes: { 'oncue.outcome': 'heard', 'oncue.outcome.before': 'skipped' }, value: 1 },
  ]);
  expect(await stage.measured('oncue.responses')).toMatchObject([
    { attributes: { 'oncue.outcome': 'skipped', 'oncue.skip_reason': 'not_known' }, value: 1 },
  ]);
});

it('[OT1] a global meter provider that is set later is used', async () => {
  const stage = new TracedTimeline({ meterProvider: undefined as never });
  answer(stage);
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  stage.say(stage.openTurn('speech_2'), 100);
  stage.clock.advance(5000);
  await reader.forceFlush();

  const names = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap((scope) => scope.metrics)
    .map(({ descriptor }) => descriptor.name);
  expect(names).toContain('oncue.responses');
});
