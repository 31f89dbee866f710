import { voice } from '@livekit/agents';
import { type Clock, OncueError, type TimelineOptions } from '@oncue/core';
import { assertKnown } from '@oncue/core/internal';
import type { ListenerDevice } from './listeners/listener_device.ts';
import type { RoomOptions } from './listeners/room/room_options.ts';
import { memberOf } from './livekit_internals/members.ts';

/** How Oncue is attached to a session: to a listener of its own, or to a LiveKit room. */
export type AttachOptions = CommonOptions & (ListenerOptions | RoomOptions);

/** A listener without a room. */
export interface ListenerOptions {
  /** Where the audio goes and who hears it. Closed with the session. */
  readonly listener: ListenerDevice;
}

/** Options for every kind of listener. */
export interface CommonOptions {
  /**
   * `false` switches Oncue off: the session runs as plain LiveKit, and what `attachOncue` returns never fires. The
   * environment variable `ONCUE_DISABLED=1` does the same for all sessions of the process. Default `true`.
   */
  readonly enabled?: boolean;
  /** How missing reports are treated. */
  readonly timeline?: Partial<TimelineOptions>;
  /** Gets the trace, line by line with line ends. */
  readonly trace?: (line: string) => void;
  /** How long running tasks get when the session closes, ms ≥ 0 [TK4]. Default 5000. */
  readonly closeDeadlineMs?: number;
  /**
   * Default: the clock of this process. Instants of another one count from `performance.timeOrigin` too, so that LiveKit's
   * events and `toEpochMs` are right.
   */
  readonly clock?: Clock;
}

const COMMON_OPTIONS: readonly (keyof CommonOptions)[] = [
  'enabled',
  'timeline',
  'trace',
  'closeDeadlineMs',
  'clock',
];
const ROOM_OPTIONS: readonly (keyof RoomOptions)[] = [
  'room',
  'audience',
  'sampleRateHz',
  'awayAfterMs',
  'whenNobodyListens',
  'shareWithPage',
];

/** Whether Oncue is switched off for a session, by its options or by the environment. */
export function isDisabled(options: Pick<CommonOptions, 'enabled'> | undefined): boolean {
  const { ONCUE_DISABLED: disabled } = process.env;
  return memberOf(options, 'enabled') === false || disabled === '1' || disabled === 'true';
}

/** @throws OncueError `ONCUE_BAD_OPTION` for what is no session, `ONCUE_FOREIGN_SESSION` for one of another copy. */
export function checkSession(session: unknown): void {
  if (session instanceof voice.AgentSession) return;
  const { start, on, output } = (session ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof start !== 'function' || typeof on !== 'function' || output === undefined) {
    throw new OncueError(
      'ONCUE_BAD_OPTION',
      'attachOncue takes a voice.AgentSession of @livekit/agents and options',
    );
  }
  throw new OncueError(
    'ONCUE_FOREIGN_SESSION',
    'this session is of another copy of @livekit/agents than @oncue/livekit uses. ' +
      'In a CommonJS project, require() and import load two copies: set "type": "module" in package.json, ' +
      "or load both with import('@livekit/agents') and import('@oncue/livekit'). " +
      'Otherwise run "npm ls @livekit/agents" and make it list one version',
  );
}

/** @throws OncueError `ONCUE_BAD_OPTION` without a listener, for an unknown option, or for one that is not of its type or range. */
export function checkOptions(options: AttachOptions): void {
  const hasRoom = typeof options === 'object' && options !== null && 'room' in options;
  if (!hasRoom && typeof options?.listener?.open !== 'function')
    throw badOption(
      'attachOncue needs to know who listens: { room }, or for example { listener: new LocalDevice() }',
    );
  if (hasRoom && 'listener' in options)
    throw badOption(
      'attachOncue takes a room or a listener, not both: the audio goes to one of them',
    );
  if (hasRoom)
    assertKnown('attachOncue with a room', options, [...ROOM_OPTIONS, ...COMMON_OPTIONS]);
  else assertKnown('attachOncue with a listener', options, ['listener', ...COMMON_OPTIONS]);
  const { trace, closeDeadlineMs = 0, enabled = true } = options;
  if (trace !== undefined && typeof trace !== 'function')
    throw badOption(
      'trace takes a function that gets each line, for example (line) => file.write(line)',
    );
  if (!(closeDeadlineMs >= 0))
    throw badOption(`closeDeadlineMs is ${closeDeadlineMs}; give it ms ≥ 0`);
  if (typeof enabled !== 'boolean')
    throw badOption(`enabled is ${String(enabled)}; give it true or false`);
}

function badOption(message: string): OncueError {
  return new OncueError('ONCUE_BAD_OPTION', message);
}
