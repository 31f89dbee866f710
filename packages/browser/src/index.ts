export {
  type Microphone,
  MicrophoneError,
  type MicrophoneOptions,
  type MicrophoneProblem,
  openMicrophone,
} from './microphone/microphone.ts';
export { connectPlayer } from './player/player.ts';
export type {
  Player,
  PlayerEvents,
  PlayerOptions,
  PlayerPosition,
  PlayerState,
  PlayerStats,
} from './player/player_api.ts';
