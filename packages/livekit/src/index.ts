export {
  type AttachOptions,
  attachOncue,
  type CommonOptions,
  type ListenerOptions,
  OncueSession,
} from './attach.ts';
export type { LlmChunk } from './declare_stream.ts';
export type { AgentTurn } from './declaring_turn.ts';
export type { ListenerDevice, ListenerSession } from './listener_device.ts';
export { LocalDevice, type LocalDeviceOptions, type RenderedBlock } from './local_device.ts';
export { agentStateMark, responseMark } from './marks.ts';
export { NodeClock, toEpochMs } from './node_clock.ts';
export { OncueAgent } from './oncue_agent.ts';
export { OutputListener, type OutputListenerOptions } from './output_listener.ts';
export type { Audience } from './room/room_audience.ts';
export type { RoomOptions } from './room/room_options.ts';
export {
  type ListenerSocket,
  SocketListener,
  type SocketListenerOptions,
} from './socket_listener.ts';
export { currentTurn } from './speech.ts';
export { WavRecorder } from './wav_recorder.ts';
