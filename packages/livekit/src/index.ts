/** @packageDocumentation @public */

// What an application that uses this package needs of core, so that it installs one package.
export {
  type AgentMs,
  type AgentStateApplied,
  type AgentStateDropped,
  type AgentStateName,
  type Audibility,
  type AudibilityChanged,
  type BeginOptions,
  type CallbackFailed,
  type ChatMessageCorrected,
  type Clock,
  type CutBy,
  type CutReach,
  type DeclaredResponse,
  type Evidence,
  type FinishedHandler,
  type HeardInstant,
  type HeardResult,
  type HeardTextSource,
  type Inaudible,
  type InaudibleSpan,
  type ListenerChanged,
  type MarkOptions,
  type MarkTaskOptions,
  type NotAwaited,
  OncueAbort,
  OncueError,
  type OncueErrorCode,
  type OncueEvent,
  type OncueEventOf,
  OncueEventTypes,
  type PredictionChecked,
  type ReportDropped,
  type ReportDropReason,
  type ResponseDeclared,
  type ResponseId,
  type ResponseMarkReached,
  type ResponseOutcomeCorrected,
  type ResponsePlaybackFinished,
  type ResponsePlaybackProgressed,
  type ResponsePlaybackRefined,
  type ResponsePlaybackStarted,
  type ResponseSkipped,
  type ResponseTask,
  type SkipReason,
  type StateDropReason,
  type TaskAborted,
  type TaskAbortReason,
  type TaskFailed,
  type TaskFinished,
  type TaskOptions,
  type TaskStarted,
  type TaskTiming,
  type TimelineOptions,
  type TimelineState,
  type TimelineView,
  type ToldOutcome,
  type TurnId,
  type WaitOptions,
} from '@oncue/core';
// For a `ListenerDevice` of your own.
export type { AgentMessage, ListenerMessage } from '@oncue/core/wire';
export { encodeListenerMessage } from '@oncue/core/wire';
export type {
  AfterHeard,
  AfterHeardFunction,
  AfterHeardOptions,
  SpeechHeard,
  SpokenSpeech,
} from './after_heard.ts';
export type { LlmChunk } from './agent/declare_stream.ts';
export { agentStateChunk, beginChunk, markChunk } from './agent/declaring_chunks.ts';
export type { AgentTurn } from './agent/declaring_turn.ts';
export { OncueAgent } from './agent/oncue_agent.ts';
export { currentTurn } from './agent/turn_storage.ts';
export { attachOncue } from './attach.ts';
export type { AttachOptions, CommonOptions, ListenerOptions } from './attach_options.ts';
export type { ShareWithPage } from './listeners/captions/share_options.ts';
export type {
  AudiencePresence,
  ListenerDevice,
  ListenerEvents,
  WhenNobodyListens,
} from './listeners/listener_device.ts';
export {
  LocalDevice,
  type LocalDeviceOptions,
  type RenderedBlock,
} from './listeners/local/local_device.ts';
export { WavRecorder } from './listeners/local/wav_recorder.ts';
export { OutputListener, type OutputListenerOptions } from './listeners/output_listener.ts';
export type { Audience } from './listeners/room/room_audience.ts';
export type { RoomOptions } from './listeners/room/room_options.ts';
export {
  type ListenerSocket,
  SocketListener,
  type SocketListenerOptions,
} from './listeners/socket_listener.ts';
export { NodeClock, toEpochMs } from './node_clock.ts';
export type { OncueSession } from './oncue_session.ts';
export {
  type HeardMessage,
  type ResponseHistory,
  recordHistory,
} from './response_history.ts';
export type { OncueWarningCode } from './warn.ts';
