import type { OncueEvent } from '@oncue/core';
import { replayTrace } from '@oncue/core/trace';
import {
  ClockMap,
  encodeSound,
  inSpeechBand,
  ListenerGate,
  parseAgentMessage,
  parseAudioFrame,
  parseCaptionMessage,
  parseListenerMessage,
  type RoundTrip,
  soundOf,
  speechBandKernel,
} from '@oncue/core/wire';
import { fromBase64 } from './sound.ts';

type Fields = never;

/** Oncue's own answers, as far as `@oncue/core` has that part. The reporter's are in the tests of `@oncue/browser`. */
export const CORE_END: Readonly<Record<string, (input: Fields) => unknown>> = {
  agent_message: ({ text }: { text: string }) => ({ accepted: parseAgentMessage(text).ok }),
  listener_message: ({ text }: { text: string }) => ({ accepted: parseListenerMessage(text).ok }),
  caption_message: ({ text }: { text: string }) => ({ accepted: parseCaptionMessage(text).ok }),
  audio_frame: ({ bytes }: { bytes: string }) => {
    const frame = parseAudioFrame(new Uint8Array(Buffer.from(bytes, 'base64')));
    return { frame: frame ? { ...frame, samples: [...frame.samples] } : null };
  },
  clock: ({ trips, instants }: { trips: readonly RoundTrip[]; instants: readonly number[] }) => {
    const map = new ClockMap();
    for (const trip of trips) map.addRoundTrip(trip);
    return instants.map((atMs) => map.toAgent(atMs as never) ?? null);
  },
  gate: ({ steps }: { steps: readonly GateStep[] }) => {
    const gate = new ListenerGate();
    return steps.flatMap(({ atMs, text }) => {
      if (text === undefined) {
        gate.ping(atMs as never);
        return [];
      }
      const verdict = gate.take(text, atMs as never);
      const refused = verdict.type === 'playhead' && refusalOf(verdict.report, atMs);
      if (refused) return [`dropped:${refused}`];
      return [verdict.type === 'dropped' ? `dropped:${verdict.reason}` : verdict.type];
    });
  },
  fingerprint: ({ samples, sampleRateHz, atSample, bandSamples }: FingerprintInput) => {
    const kernel = speechBandKernel(sampleRateHz);
    const options = { sampleRateHz, kernel };
    const band = inSpeechBand(fromBase64(samples), atSample, bandSamples, options);
    return { sound: encodeSound(soundOf(band)) };
  },
  trace: eventsOf,
};

const OPTIONS = {
  estimateDelayMs: 120,
  estimateErrorBoundMs: 150,
  reportTimeoutMs: 500,
  cutReportTimeoutMs: 250,
  stallTimeoutMs: 5000,
  maxPathDriftMs: 0,
};

/** Why a timeline refuses a report, whatever its response; `undefined` if it only does not know that. */
function refusalOf(report: unknown, atMs: number): string | undefined {
  const inputs = [{ type: 'playhead', report, atMs }];
  const dropped = eventsOf({ options: OPTIONS, inputs }).find(
    (event) => event.type === 'report_dropped',
  );
  return dropped?.reason === 'unknown_response' ? undefined : dropped?.reason;
}

function eventsOf({ options, inputs }: TraceInput): readonly OncueEvent[] {
  const lines = [
    { kind: 'header', v: 2, options },
    ...inputs.map((input) => ({ kind: 'input', input })),
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return replayTrace(text).events;
}

interface GateStep {
  readonly atMs: number;
  readonly text?: string;
}

interface FingerprintInput {
  readonly samples: string;
  readonly sampleRateHz: number;
  readonly atSample: number;
  readonly bandSamples: number;
}

interface TraceInput {
  readonly options: unknown;
  readonly inputs: readonly unknown[];
}
