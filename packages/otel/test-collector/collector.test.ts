// Sends a run to real OpenTelemetry collectors, over HTTP, and reads in their output what they got.
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

interface Collector {
  /** Its file in .cache/bin. */
  readonly file: string;
  /** What puts it there. */
  readonly script: string;
  /** CI installs it, so a test without it fails there. */
  readonly isInCi: boolean;
  /** To write in full what it gets. */
  readonly args: (port: number, otherPort: number) => readonly string[];
  /** How it writes the start and the end of the span. */
  readonly times: readonly [string, string];
}

const PIPELINE = '{receivers: [otlp], exporters: [debug]}';

const COLLECTORS: readonly Collector[] = [
  {
    file: 'rotel-0.0.1a15',
    script: 'scripts/install_otel_collector.sh',
    isInCi: true,
    args: (port, otherPort) => [
      ...['start', '--exporter', 'blackhole', '--debug-log-verbosity', 'detailed'],
      ...['--debug-log', 'traces', '--debug-log', 'metrics'],
      ...['--otlp-http-endpoint', `127.0.0.1:${port}`],
      ...['--otlp-grpc-endpoint', `127.0.0.1:${otherPort}`],
    ],
    times: ['Start time: 1800000001050250000', 'End time: 1800000001150250000'],
  },
  {
    file: 'otel-collector-0.165.0',
    script: 'scripts/build_otel_collector.sh',
    isInCi: false,
    args: (port) => [
      [
        `yaml:{receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}`,
        'exporters: {debug: {verbosity: detailed}}',
        `service: {telemetry: {metrics: {level: none}}, pipelines: {traces: ${PIPELINE}, metrics: ${PIPELINE}}}}`,
      ].join(', '),
    ],
    times: ['08:00:01.05025 +0000 UTC', '08:00:01.15025 +0000 UTC'],
  },
];

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** @returns The address to send to, and what the collector has written. */
async function start(
  program: string,
  args: Collector['args'],
): Promise<{ readonly url: string; readonly written: () => string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/v1`;
  const collector = spawn(program, args(port, await freePort()));
  onTestFinished(() => void collector.kill());
  let written = '';
  const add = (chunk: Buffer): void => {
    written += chunk.toString();
  };
  collector.stdout.on('data', add);
  collector.stderr.on('data', add);
  const listens = async (): Promise<boolean> =>
    (await fetch(url).catch(() => undefined)) !== undefined;
  await vi.waitUntil(listens, { timeout: 20_000 }).catch(() => {
    throw new Error(`the collector does not listen; it wrote:\n${written}`);
  });
  return { url, written: () => written };
}

it.for(COLLECTORS)(
  '[OT2][OT6] $file takes the spans and the metrics of a run',
  { timeout: 60_000 },
  async ({ file, script, isInCi, args, times }, context) => {
    const program = fileURLToPath(new URL(`../../../.cache/bin/${file}`, import.meta.url));
    if (!existsSync(program)) {
      if (isInCi && process.env['CI'] === 'true') throw new Error(`run ${script} first`);
      context.skip(`run ${script} first`);
    }
    const { url, written } = await start(program, args);
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
    const names = ['oncue.responses', 'Name           : oncue.response\n'];
    await vi.waitUntil(() => names.every((name) => written().includes(name)), { timeout: 10_000 });

    for (const time of times) expect(written()).toContain(time);
    expect(written()).toContain('oncue.time_to_heard_ms: Int(650)');
    expect(written()).toContain('oncue.evidence: Str(device)');
    expect(written()).toContain('Name: oncue.response.time_to_heard');
    expect(written()).toMatch(/^Sum: 0\.650*$/m);
    await meterProvider.shutdown();
  },
);
