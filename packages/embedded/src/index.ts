/** @packageDocumentation @beta */

export type { Clock } from './clock.ts';
export { EmbeddedError, type EmbeddedErrorCode } from './errors.ts';
export { type FailingOptions, FailingTTS } from './failing_tts.ts';
export type { FliteVoice } from './flite/flite_protocol.ts';
export { MAX_SEGMENT_CHARS } from './flite/flite_streams.ts';
export { type FliteOptions, FliteTTS } from './flite/flite_tts.ts';
export { SAMPLE_RATE_HZ, type SpokenPiece } from './flite/spoken_piece.ts';
export type { TimedWord } from './flite/word_timing.ts';
export { assertVadAvailable, createVad } from './local_vad.ts';
export {
  isMoonshineInstalled,
  MOONSHINE_INSTALL,
  MoonshineSTT,
} from './moonshine/moonshine_stt.ts';
export {
  type Script,
  ScriptedLLM,
  type ScriptedOptions,
  type ScriptedReply,
  type ScriptedRequest,
  type ScriptedRule,
  type ScriptedToolCall,
} from './scripted_llm.ts';
export { type StreamTextOptions, streamText, type TextPace } from './stream_text.ts';
