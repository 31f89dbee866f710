/** The part of AudioWorkletGlobalScope that the processors use. TypeScript's libraries do not declare it. */

interface WorkletPort {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
}

declare class MessagePort implements WorkletPort {
  onmessage: WorkletPort['onmessage'];
  postMessage: WorkletPort['postMessage'];
}

declare class AudioWorkletProcessor {
  readonly port: WorkletPort;
}

/** First frame of the block being rendered. It may be stale: count frames, and keep the largest difference. */
declare const currentFrame: number;
declare const sampleRate: number;

declare function registerProcessor(
  name: string,
  processor: new (options: { readonly processorOptions?: unknown }) => AudioWorkletProcessor,
): void;
