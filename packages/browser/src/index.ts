/** @packageDocumentation @beta */

export {
  type Microphone,
  MicrophoneError,
  type MicrophoneErrorCode,
  type MicrophoneOptions,
  openMicrophone,
} from './microphone/microphone.ts';
export { connectPlayer } from './player/player.ts';
export type {
  Player,
  PlayerEvents,
  PlayerOptions,
  PlayerPosition,
  PlayerStats,
} from './player/player_api.ts';
export type { PlayerState } from './player/player_state.ts';
export { AudioError, type AudioErrorCode } from './shared/audio_error.ts';
