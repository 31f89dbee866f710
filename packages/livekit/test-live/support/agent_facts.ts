import type { OncueEvent } from '@oncue/core';

/** What the process of an agent is told to do. */
export type Command =
  | { readonly type: 'ask'; readonly session?: number; readonly longTasks?: boolean }
  /** Opens its server, at a free port if it is 0. */
  | { readonly type: 'serve'; readonly port: number }
  /** Its event loop stands still. */
  | { readonly type: 'block'; readonly ms: number }
  /** Its sockets break, and nobody can connect for so long. */
  | { readonly type: 'server_gone'; readonly ms: number }
  /** Its wall clock jumps. */
  | { readonly type: 'jump'; readonly byMs: number }
  | { readonly type: 'close' };

/** What the process of an agent says. */
export type Fact =
  /** `epochAtZeroMs`: the wall clock at the instant 0 of the clock of its events, in ms since 1970. */
  | { readonly type: 'ready'; readonly epochAtZeroMs: number }
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'presence'; readonly session: number; readonly isListening: boolean }
  | { readonly type: 'event'; readonly session: number; readonly event: OncueEvent }
  | { readonly type: 'state'; readonly session: number; readonly state: string }
  | { readonly type: 'task'; readonly session: number; readonly responseId: string }
  | { readonly type: 'said'; readonly session: number }
  | { readonly type: 'unblocked' }
  | { readonly type: 'closed'; readonly tookMs: number; readonly ofThatLateMs: number };
