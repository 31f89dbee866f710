export {
  type Microphone,
  MicrophoneError,
  type MicrophoneOptions,
  type MicrophoneProblem,
  openMicrophone,
} from './microphone.ts';
export { connectPlayer } from './player.ts';
export type {
  Player,
  PlayerEvents,
  PlayerOptions,
  PlayerPosition,
  PlayerState,
  PlayerStats,
} from './player_api.ts';
