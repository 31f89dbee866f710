/** @packageDocumentation @beta */

export {
  type AudioFrame,
  encodeAudioFrame,
  MAX_AUDIO_FRAME_BYTES,
  parseAudioFrame,
} from './audio_frame.ts';
export {
  CAPTION_TOPIC,
  CAPTION_VERSION,
  type CaptionEnvelope,
  type CaptionMark,
  type CaptionMessage,
  type CaptionOutcome,
  type CaptionResponse,
  type CaptionText,
  type CaptionWords,
  MAX_CAPTION_MARKS,
  MAX_CAPTION_PIECE_CHARS,
  MAX_CAPTION_TEXT_CHARS,
  MAX_CAPTION_WORDS,
} from './captions.ts';
export { ClockMap, type MappedInstant, type RoundTrip } from './clock_map.ts';
export {
  SOCKET_CLOSED_REPLACED,
  SOCKET_CLOSED_SESSION_OVER,
  SOCKET_CLOSED_UNRESPONSIVE,
} from './close_codes.ts';
export { type GateOptions, type GateVerdict, ListenerGate } from './listener_gate.ts';
export {
  AGENT_TOPIC,
  type AgentEnvelope,
  type AgentMessage,
  type Announce,
  type Bye,
  type Clear,
  type End,
  type Fingerprint,
  type Hello,
  type Left,
  LISTENER_TOPIC,
  type ListenerAudibility,
  type ListenerEnvelope,
  type ListenerMessage,
  MAX_WIRE_CHARS,
  type Pause,
  type Ping,
  type Playhead,
  type Pong,
  type Resume,
  type Welcome,
  WIRE_VERSION,
} from './messages.ts';
export {
  fitsInPacket,
  MAX_PACKET_CHARS,
  MAX_PACKET_MESSAGES,
  messagesIn,
  packetOf,
  unreadIn,
} from './packets.ts';
export {
  encodeAgentMessage,
  encodeListenerMessage,
  type Parsed,
  parseAgentMessage,
  parseListenerMessage,
} from './parse.ts';
export { encodeCaptionMessage, type ParsedCaption, parseCaptionMessage } from './parse_caption.ts';
export { LONGEST_PITCH_PERIOD, pitchAutocorrelation } from './pitch_autocorrelation.ts';
export { type ListenerLimits, listenerLimits, RateLimit } from './rate_limit.ts';
export { ReplayWindow } from './replay_window.ts';
export {
  type BandOptions,
  decodeSound,
  encodeSound,
  inSpeechBand,
  isSpeechBandRate,
  SPEECH_BAND_HZ,
  soundOf,
  speechBandKernel,
} from './speech_band.ts';
