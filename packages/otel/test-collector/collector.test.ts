import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { expect, it, onTestFinished, vi } from 'vitest';
import { TracedTimeline } from '../test/support/traced_timeline.ts';

const PROGRAM = fileURLToPath(
  new URL('../../../.cache/bin/otel-collector-0.165.0', import.meta.url),
);

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** What the collector writes of everything that it gets. */
async function startCollector(port: number): Promise<() => string> {
  const pipeline = '{receivers: [otlp], exporters: [debug]}';
  const config = [
    `{receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}`,
    'exporters: {debug: {verbosity: detailed}}',
    `service: {telemetry: {metrics: {level: none}}, pipelines: {traces: ${pipeline}, metrics: ${pipeline}}}}`,
  ].join(', ');
  const collector = spawn(PROGRAM, [`yaml:${config}`]);
  onTestFinished(() => void collector.kill());
  let written = '';
  const add = (chunk: Buffer): void => {
    written += chunk.toString();
  };
  collector.stdout.on('data', add);
  collector.stderr.on('data', add);
  await vi.waitUntil(() => written.includes('Everything is ready'), { timeout: 20_000 });
  return () => written;
}

it('[OT2][OT6] an OpenTelemetry collector takes the spans and the metrics of a run', async (context) => {
  if (!existsSync(PROGRAM)) context.skip('run scripts/install_otel_collector.sh first');
  const port = await freePort();
  const written = await startCollector(port);
  const url = `http://127.0.0.1:${port}/v1`;
  const spans = new SimpleSpanProcessor(new OTLPTraceExporter({ url: `${url}/traces` }));
  const tracerProvider = new NodeTracerProvider({ spanProcessors: [spans] });
  const exporter = new OTLPMetricExporter({ url: `${url}/metrics` });
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter })],
  });
  const stage = new TracedTimeline({ tracerProvider, meterProvider });

  stage.timeline.listenerChanged(true);
  stage.clock.advance(1000);
  stage.userStopped(400);
  const id = stage.say(stage.openTurn(), 100);
  stage.clock.advance(200);
  stage.heard(id, 1050, 100, 'ended');
  await tracerProvider.forceFlush();
  await meterProvider.forceFlush();
  const names = ['oncue.response.time_to_heard', 'Name           : oncue.response'];
  await vi.waitUntil(() => names.every((name) => written().includes(name)), { timeout: 10_000 });

  expect(written()).toContain('oncue.time_to_heard_ms: Int(650)');
  expect(written()).toContain('oncue.evidence: Str(device)');
  await meterProvider.shutdown();
}, 60_000);
