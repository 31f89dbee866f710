import { llm, telemetry, voice } from '@livekit/agents';
import { traceOncue } from '@oncue/otel';
import { context, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedAgent, texts } from './support/scripted_agent.ts';
import { type RunOptions, type SessionRun, startSession } from './support/session_harness.ts';

const exporter = new InMemorySpanExporter();

beforeEach(() => {
  // As LiveKit's documentation sets a provider of the application.
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  telemetry.setTracerProvider(provider, { registerSpanProcessor: () => {} });
});

afterEach(() => {
  exporter.reset();
  trace.disable();
  context.disable();
});

async function tracedReply(options: RunOptions): Promise<SessionRun> {
  const run = await startSession(options);
  const stop = traceOncue(run.oncue, run.session);
  await run.reply();
  await run.pass(100);
  stop();
  return run;
}

function spansOf(name: string): ReadableSpan[] {
  return exporter.getFinishedSpans().filter((span) => span.name === name);
}

const parentId = (span: ReadableSpan | undefined): string | undefined =>
  span?.parentSpanContext?.spanId;
const msOf = ([seconds, nanoseconds]: readonly [number, number]): number =>
  seconds * 1000 + nanoseconds / 1e6;

describe('with LiveKit’s own spans', () => {
  it('[OT2] each response is under the agent_turn of its speech, with the instants of its events', async () => {
    const run = await tracedReply({ agent: new ScriptedAgent(texts('alpha beta', 'gamma')) });
    const [turn] = spansOf('agent_turn');
    const responses = spansOf('oncue.response');

    expect(responses.map(parentId)).toEqual([
      turn?.spanContext().spanId,
      turn?.spanContext().spanId,
    ]);
    expect(responses.map(({ attributes }) => attributes['lk.speech_id'])).toEqual([
      turn?.attributes['lk.speech_id'],
      turn?.attributes['lk.speech_id'],
    ]);
    for (const [index, word] of ['alpha', 'gamma'].entries()) {
      const span = responses[index];
      const startedAtMs = run.oncue.toEpochMs(run.soundedAtMs(word) as never);
      const endedAtMs = run.oncue.toEpochMs(run.finished[index]?.endedAtMs as never);
      expect(msOf(span?.startTime ?? [0, 0])).toBeCloseTo(startedAtMs, 2);
      expect(msOf(span?.endTime ?? [0, 0])).toBeCloseTo(endedAtMs, 2);
    }
  });

  it('[OT2] a step of a tool loop has the response that it gave', async () => {
    const look = llm.tool({ name: 'look', description: 'Looks.', execute: async () => 'seen' });
    await tracedReply({
      agent: new voice.Agent({ instructions: '', tools: [look] }),
      script: ({ toolOutputs }) =>
        toolOutputs.length > 0 ? 'omega' : { type: 'tool_call', name: 'look', args: {} },
    });
    const [spoken] = spansOf('oncue.response');
    const turns = spansOf('agent_turn');

    expect(turns.length).toBeGreaterThan(1);
    expect(parentId(spoken)).toBe(turns.at(-1)?.spanContext().spanId);
  });

  it('[OT9] agent_speaking of a later response belongs to the turn and begins with the sound', async () => {
    const run = await tracedReply({ agent: new ScriptedAgent(texts('alpha', 'beta')) });
    const [turn] = spansOf('agent_turn');
    const speaking = spansOf('agent_speaking');

    expect(speaking.map(parentId)).toEqual([
      turn?.spanContext().spanId,
      turn?.spanContext().spanId,
    ]);
    for (const [index, word] of ['alpha', 'beta'].entries()) {
      const startedAtMs = run.oncue.toEpochMs(run.soundedAtMs(word) as never);
      expect(msOf(speaking[index]?.startTime ?? [0, 0])).toBeCloseTo(startedAtMs, 2);
    }
  });

  it('[OT6] after a handoff, the first response of the other agent has the wait of the user', async () => {
    class Sales extends voice.Agent {
      override async onEnter(): Promise<void> {
        this.session.generateReply();
      }
    }
    const transfer = llm.tool({
      name: 'transfer',
      description: 'Gives the call to sales.',
      execute: async () => llm.handoff({ agent: new Sales({ instructions: '' }) }),
    });
    let askedCount = 0;
    const run = await startSession({
      agent: new voice.Agent({ instructions: '', tools: [transfer] }),
      script: () => {
        askedCount += 1;
        return askedCount === 1 ? { type: 'tool_call', name: 'transfer', args: {} } : 'omega';
      },
    });
    const stop = traceOncue(run.oncue, run.session);
    const stoppedAtMs = run.clock.nowMs();
    const item = llm.ChatMessage.create({
      role: 'user',
      content: 'sales, please',
      metrics: { stoppedSpeakingAt: run.oncue.toEpochMs(stoppedAtMs) / 1000 },
    });
    run.session.emit(voice.AgentSessionEventTypes.ConversationItemAdded, {
      item,
    } as voice.ConversationItemAddedEvent);
    run.session.generateReply();
    await run.until(() => run.finished.length > 0);
    stop();

    const waitedMs = run.soundedAtMs('omega') - stoppedAtMs;
    expect(spansOf('oncue.response').map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({
        'oncue.time_to_heard_ms': expect.closeTo(waitedMs, 1),
        'lk.speech_id': run.finished[0]?.speechId,
      }),
    ]);
  });
});

describe('with LiveKit’s metrics', () => {
  it('[LK27] an event, its speech and the metrics of its requests to the model have one speech id', async () => {
    const look = llm.tool({ name: 'look', description: 'Looks.', execute: async () => 'seen' });
    const run = await startSession({
      agent: new voice.Agent({ instructions: '', tools: [look] }),
      script: ({ toolOutputs }) =>
        toolOutputs.length > 0 ? 'omega' : { type: 'tool_call', name: 'look', args: {} },
    });
    const requests: { id: string; speechId: string | undefined }[] = [];
    run.session.on(voice.AgentSessionEventTypes.MetricsCollected, ({ metrics: of }) => {
      if (of.type === 'llm_metrics') requests.push({ id: of.requestId, speechId: of.speechId });
    });
    const speech = await run.reply();

    expect(run.finished.map(({ speechId }) => speechId)).toEqual([speech.id]);
    expect(requests.map(({ speechId }) => speechId)).toEqual([speech.id, speech.id]);
    expect(new Set(requests.map(({ id }) => id)).size).toBe(2);
  });
});
