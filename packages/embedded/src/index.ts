export { type Clock, systemClock } from './clock.ts';
export { EmbeddedError, type EmbeddedErrorCode } from './errors.ts';
export { type FailingOptions, FailingTTS } from './failing_tts.ts';
export type { FliteVoice } from './flite_protocol.ts';
export { MAX_SEGMENT_CHARS } from './flite_streams.ts';
export { type FliteOptions, FliteTTS } from './flite_tts.ts';
export { assertVadAvailable, createVad } from './local_vad.ts';
export { isMoonshineInstalled, MOONSHINE_INSTALL, MoonshineSTT } from './moonshine_stt.ts';
export {
  type Script,
  ScriptedLLM,
  type ScriptedOptions,
  type ScriptedReply,
  type ScriptedRequest,
  type ScriptedRule,
  type ScriptedToolCall,
} from './scripted_llm.ts';
export { FRAME_MS, SENTENCE_PAUSE_MS } from './segment_writer.ts';
export { MAX_TOKEN_CHARS, type SpeakableText, speakableText } from './speakable_text.ts';
export { LEAD_PAD_MS, SAMPLE_RATE_HZ, type SpokenPiece, TRAIL_PAD_MS } from './spoken_piece.ts';
export { type StreamTextOptions, streamText, type TextPace } from './stream_text.ts';
export type { TimedWord } from './word_timing.ts';
