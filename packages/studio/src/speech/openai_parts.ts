import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type llm, stt, type tts, type VAD, version } from '@livekit/agents';
import type { Capability } from '../protocol/control_messages.ts';
import {
  costOf,
  partsFromOpenAi,
  type ServerPart,
  type SpeechEnv,
  serverOf,
} from './openai_choice.ts';
import { type ServerVoiceOptions, serverVoice } from './server_voice.ts';

/** The parts that come from an OpenAI-compatible server. */
export interface ServerParts {
  readonly llm?: llm.LLM;
  readonly stt?: stt.STT;
  readonly tts?: tts.TTS;
}

interface OpenAiPlugin {
  readonly LLM: new (options: object) => llm.LLM;
  readonly STT: new (options: object) => stt.STT;
}

const PLUGIN = '@livekit/agents-plugin-openai';

/** The parts that `ONCUE_STUDIO_OPENAI` names. Adds to `capabilities` what is used, or why it cannot be. */
export async function openAiParts(
  env: SpeechEnv,
  capabilities: Capability[],
  vad: VAD | undefined,
): Promise<ServerParts> {
  const wanted = partsFromOpenAi(env);
  if (wanted.length === 0) return {};
  let plugin: OpenAiPlugin;
  try {
    plugin = (await importFromHere(PLUGIN)) as OpenAiPlugin;
  } catch {
    capabilities.push(...wanted.map(missingPlugin));
    return {};
  }
  const server = serverOf(env);
  for (const part of wanted)
    capabilities.push({
      part,
      using: modelOf(env, part) ?? 'default model',
      why: `${server}, ${costOf(server)}`,
      server,
    });
  const options = { apiKey: keyOf(env), baseURL: server };
  const optionsOf = (part: ServerPart): object => {
    const model = modelOf(env, part);
    return model === undefined ? options : { ...options, model };
  };
  return {
    ...(wanted.includes('llm') ? { llm: new plugin.LLM(optionsOf('llm')) } : {}),
    ...(wanted.includes('tts') ? { tts: serverVoice(voiceOptions(env)) } : {}),
    ...(wanted.includes('stt') && vad
      ? // Compatible servers have no realtime mode. Utterances are found on this machine, and sent whole.
        { stt: byUtterance(new plugin.STT({ ...optionsOf('stt'), useRealtime: false }), vad) }
      : {}),
  };
}

/** The session would make this adapter itself. Nobody would listen to its `error` event then, which Node takes for uncaught. */
function byUtterance(recognizer: stt.STT, vad: VAD): stt.STT {
  return new stt.StreamAdapter(new ForgivingSTT(recognizer), vad);
}

function voiceOptions(env: SpeechEnv): ServerVoiceOptions {
  const model = modelOf(env, 'tts');
  const voice = env['ONCUE_STUDIO_TTS_VOICE'];
  return {
    server: serverOf(env),
    apiKey: keyOf(env),
    ...(model ? { model } : {}),
    ...(voice ? { voice } : {}),
  };
}

/** A local server needs no key, but the client does not start without one. */
function keyOf(env: SpeechEnv): string {
  return env['OPENAI_API_KEY'] || 'none';
}

function modelOf(env: SpeechEnv, part: ServerPart): string | undefined {
  return env[`ONCUE_STUDIO_${part.toUpperCase()}_MODEL`] || undefined;
}

function missingPlugin(part: ServerPart): Capability {
  const why = `${PLUGIN} is not installed`;
  // LiveKit's plugins work with exactly one version of agents.
  return { part, using: null, why, command: `npm install ${PLUGIN}@${version}` };
}

/** Recognition whose failures are events and do not end the session: the user can go on by typing. */
class ForgivingSTT extends stt.STT {
  readonly label = 'studio.ForgivingSTT';
  readonly #server: stt.STT;

  constructor(server: stt.STT) {
    super({ streaming: false, interimResults: false });
    this.#server = server;
  }

  override async _recognize(
    ...[frame, signal]: Parameters<stt.STT['_recognize']>
  ): Promise<stt.SpeechEvent> {
    try {
      return await this.#server.recognize(frame, signal);
    } catch (error) {
      if (!signal?.aborted)
        this.emit('error', {
          type: 'stt_error',
          timestamp: Date.now(),
          label: this.label,
          error: error instanceof Error ? error : new Error(String(error)),
          recoverable: true,
        });
      throw error;
    }
  }

  override stream(): stt.SpeechStream {
    throw new Error('this recognition takes whole utterances; the session finds them');
  }
}

/** Imports an optional package, hidden from bundlers and from checks of declared packages. */
async function importFromHere(name: string): Promise<unknown> {
  const file = createRequire(import.meta.url).resolve(name);
  return import(name).catch(() => import(pathToFileURL(file).href));
}
