import type { Capability } from '../protocol/control_messages.ts';
import { whatIsSent } from '../protocol/what_is_sent.ts';

/** The environment variables that name a server and what is taken from it. */
export type SpeechEnv = Readonly<Record<string, string | undefined>>;

/** A part that a server may provide. Voice activity is always detected on this machine. */
export type ServerPart = Exclude<Capability['part'], 'vad'>;

const SERVER_PARTS: readonly ServerPart[] = ['llm', 'tts', 'stt'];

/**
 * The parts to take from the server: those that `ONCUE_STUDIO_OPENAI` names (`all`, or some of `llm`, `tts`, `stt` with
 * commas between them), if there is a key or an address.
 */
export function partsFromOpenAi(env: SpeechEnv): readonly ServerPart[] {
  if (!namesServer(env)) return [];
  const wanted = (env['ONCUE_STUDIO_OPENAI'] ?? '').split(',').map((name) => name.trim());
  return SERVER_PARTS.filter((part) => wanted.includes(part) || wanted.includes('all'));
}

/** Where the requests go. */
export function serverOf(env: SpeechEnv): string {
  return env['OPENAI_BASE_URL'] || 'https://api.openai.com/v1';
}

/** Whether the environment names a server or a key for one. */
export function namesServer(env: SpeechEnv): boolean {
  return Boolean(env['OPENAI_API_KEY'] || env['OPENAI_BASE_URL']);
}

const NAMES: Readonly<Record<ServerPart, string>> = {
  llm: 'model',
  tts: 'voice',
  stt: 'recognition',
};

/**
 * What a user must know before anything is sent to a server, or `undefined` if nothing will be. Printed in the terminal; the
 * page says the same.
 */
export function announcementOf(env: SpeechEnv): string | undefined {
  const parts = partsFromOpenAi(env);
  if (parts.length === 0)
    return namesServer(env)
      ? 'OPENAI_API_KEY or OPENAI_BASE_URL is set and not used: nothing is sent and nothing costs money. --openai uses it.'
      : undefined;
  return `${whatIsSent(parts)} ${serverOf(env)} (${parts.map((part) => NAMES[part]).join(', ')}), ${costOf(serverOf(env))}.`;
}

/** What the requests cost, as far as the address tells. */
export function costOf(server: string): string {
  return isOnThisMachine(server) ? 'on this machine' : 'and each question may cost money';
}

function isOnThisMachine(server: string): boolean {
  const hostname = URL.canParse(server) ? new URL(server).hostname : '';
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
