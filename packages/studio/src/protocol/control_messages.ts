/** The version of the messages between page and server on `/studio`, one JSON object each. Audio has other sockets. */
const CONTROL_VERSION = 1;

/** The longest accepted message of a page. The longest that our page sends is a typed question. */
export const MAX_CONTROL_BYTES = 16_384;

/** The longest typed question. */
export const MAX_ASK_CHARS = 2000;

/** Page to server. */
export type PageMessage =
  /** Asks the agent, as if the user had said it. Cuts what the agent says now. */
  | { readonly type: 'ask'; readonly text: string }
  /** Asks the question of a scenario. */
  | { readonly type: 'scenario'; readonly name: string }
  | { readonly type: 'interrupt' }
  /** Ends this run and begins a new one. Loads the agent's file again. */
  | { readonly type: 'restart' }
  /** Asks for a ticket to the room of the run. */
  | { readonly type: 'join' }
  /** When the page's own audio graph played the first sample of a response, in ms since 1970. */
  | { readonly type: 'truth'; readonly responseId: string; readonly soundedAtEpochMs: number };

/** A conversation that can be started by name. */
export interface ScenarioInfo {
  readonly name: string;
  readonly title: string;
  /** The user's question that starts it. */
  readonly ask: string;
}

/** One part of the agent: what is in use, and why. */
export interface Capability {
  readonly part: 'llm' | 'tts' | 'stt' | 'vad';
  /** The implementation in use; `null` if there is none. */
  readonly using: string | null;
  readonly why: string;
  /** The address of the server that it sends its requests to. Missing if it runs on this machine. */
  readonly server?: string;
  /** The command that installs what is missing. */
  readonly command?: string;
}

/** Why the agent does not run. */
export interface AgentError {
  /** `load`: its file. `start`: making or starting the agent. `run`: later. */
  readonly phase: 'load' | 'start' | 'run';
  readonly message: string;
  readonly stack: string;
}

/** What the page shows besides the trace. */
export interface RunInfo {
  /** The number of the run. Lines of other runs are ignored. */
  readonly run: number;
  readonly agentName: string;
  /** `null` while the agent runs. */
  readonly error: AgentError | null;
  readonly scenarios: readonly ScenarioInfo[];
  readonly capabilities: readonly Capability[];
  /** The agent plays into a LiveKit room, not to a socket of the studio. */
  readonly isInRoom: boolean;
}

/** The address of the room of a run, and a token for one page. */
export interface RoomTicket {
  readonly url: string;
  readonly token: string;
}

/** Server to page. */
export type ServerMessage =
  | ({
      readonly type: 'run';
      readonly nowMs: number;
      /** All lines of the run follow, from the first. The page discards the lines it has. */
      readonly linesFollow: boolean;
    } & RunInfo)
  /** More lines of the trace, as they are in the file. `nowMs`: the agent's clock at sending. */
  | {
      readonly type: 'trace';
      readonly run: number;
      readonly nowMs: number;
      readonly lines: readonly string[];
    }
  | ({ readonly type: 'ticket'; readonly nowMs: number } & RoomTicket)
  /** The agent's clock, so that a playhead can move between two lines. */
  | { readonly type: 'clock'; readonly nowMs: number };

type Fields = Readonly<Record<string, unknown>>;

/** Encodes a message. */
export function encodeControl(message: PageMessage | ServerMessage): string {
  return JSON.stringify({ v: CONTROL_VERSION, ...message });
}

/** Decodes a message of a page; `undefined` if it is malformed. Never throws. */
export function parsePageMessage(text: string): PageMessage | undefined {
  const fields = decode(text);
  switch (fields?.['type']) {
    case 'ask': {
      const { text: asked } = fields;
      const isAsk = typeof asked === 'string' && asked.trim() !== '';
      return isAsk && asked.length <= MAX_ASK_CHARS ? { type: 'ask', text: asked } : undefined;
    }
    case 'scenario':
      return isName(fields['name']) ? { type: 'scenario', name: fields['name'] } : undefined;
    case 'interrupt':
      return { type: 'interrupt' };
    case 'join':
      return { type: 'join' };
    case 'restart':
      return { type: 'restart' };
    case 'truth': {
      const { responseId, soundedAtEpochMs } = fields;
      if (!isName(responseId) || !isInstant(soundedAtEpochMs)) return undefined;
      return { type: 'truth', responseId, soundedAtEpochMs };
    }
    default:
      return undefined;
  }
}

/** Decodes a message of the server; `undefined` if it is malformed or of another version. Never throws. */
export function parseServerMessage(text: string): ServerMessage | undefined {
  const fields = decode(text);
  if (!fields || !isInstant(fields['nowMs'])) return undefined;
  switch (fields['type']) {
    case 'run':
    case 'trace': {
      const lists = fields['type'] === 'run' ? ['scenarios', 'capabilities'] : ['lines'];
      const isWhole =
        isInstant(fields['run']) && lists.every((name) => Array.isArray(fields[name]));
      return isWhole ? (fields as unknown as ServerMessage) : undefined;
    }
    case 'clock':
      return { type: 'clock', nowMs: fields['nowMs'] };
    case 'ticket': {
      const { nowMs, url, token } = fields;
      if (typeof url !== 'string' || typeof token !== 'string') return undefined;
      return { type: 'ticket', nowMs, url, token };
    }
    default:
      return undefined;
  }
}

function decode(text: string): Fields | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as Fields)['v'] === CONTROL_VERSION ? (value as Fields) : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 200;
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}
