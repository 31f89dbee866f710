/**
 * What the page and the server say to each other on `/studio`, one JSON object each. Audio, reports and the microphone
 * have sockets of their own.
 */
const CONTROL_VERSION = 1;

/** A message of the page longer than this is not read. The longest of ours is a typed question. */
export const MAX_CONTROL_BYTES = 16_384;

/** What somebody may type at once. */
export const MAX_ASK_CHARS = 2000;

/** Page to server. */
export type PageMessage =
  /** Says this to the agent, as if the user had. Interrupts what it says now. */
  | { readonly type: 'ask'; readonly text: string }
  /** Asks what a scenario asks. */
  | { readonly type: 'scenario'; readonly name: string }
  | { readonly type: 'interrupt' }
  /** Ends this run and begins a new one, with the agent's module loaded anew. */
  | { readonly type: 'restart' }
  /** Wants to join the room of the run. */
  | { readonly type: 'join' }
  /** When the page's own audio graph rendered the first sample of a response, on the machine's wall clock. */
  | { readonly type: 'truth'; readonly responseId: string; readonly soundedAtEpochMs: number };

/** A conversation that an agent can be asked for by name. */
export interface ScenarioInfo {
  readonly name: string;
  readonly title: string;
  /** What the user says in it. */
  readonly ask: string;
}

/** One part of the agent's speech, which is in use and why. */
export interface Capability {
  readonly part: 'llm' | 'tts' | 'stt' | 'vad';
  /** What is in use; `null` when nothing is. */
  readonly using: string | null;
  readonly why: string;
  /** The command that brings what is missing. */
  readonly command?: string;
}

/** Why the agent does not run. */
export interface AgentError {
  /** `load`: its module. `start`: making or starting it. `run`: later. */
  readonly phase: 'load' | 'start' | 'run';
  readonly message: string;
  readonly stack: string;
}

/** What the page shows around the trace. */
export interface RunInfo {
  /** Counts up by one a run; lines of another run are not for this one. */
  readonly run: number;
  readonly agentName: string;
  /** `null` while the agent runs. */
  readonly error: AgentError | null;
  readonly scenarios: readonly ScenarioInfo[];
  readonly capabilities: readonly Capability[];
  /** The agent is heard in a LiveKit room, and not on a socket of the studio. */
  readonly isInRoom: boolean;
}

/** Where the room of a run is, and a key to it for one page. */
export interface RoomTicket {
  readonly url: string;
  readonly token: string;
}

/** Server to page. */
export type ServerMessage =
  | ({
      readonly type: 'run';
      readonly nowMs: number;
      /** All lines of the run follow, from the first: what the page has of it is to be forgotten. */
      readonly linesFollow: boolean;
    } & RunInfo)
  /** More lines of the trace, each exactly as it stands in the file. `nowMs`: the agent's clock at sending. */
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

/** The text to send for a message. */
export function encodeControl(message: PageMessage | ServerMessage): string {
  return JSON.stringify({ v: CONTROL_VERSION, ...message });
}

/** What a page sent; `undefined` for anything else. Never throws. */
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

/** What the server sent; `undefined` for anything else, such as a server of another version. Never throws. */
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
