import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { llm, stt, tts, VAD } from '@livekit/agents';
import { createVad, FailingTTS, ScriptedLLM } from '@oncue/embedded';
import type { StudioSessionOptions } from '../agent/agent_module.ts';
import { TRAIN_ANSWER, TRAIN_TOOL, UNSPEAKABLE } from '../agent/demo_scenarios.ts';
import type { Capability } from '../protocol/control_messages.ts';
import { findRecognizer } from './moonshine.ts';

/** The parts of a session, and why they were chosen. */
export interface SpeechParts {
  readonly options: StudioSessionOptions;
  readonly capabilities: readonly Capability[];
  /** There is a real language model, not only the script. */
  readonly hasModel: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;
type Part = Capability['part'];

/** The parts to take from an OpenAI-compatible server. A local server often has only a model: `ONCUE_STUDIO_OPENAI=llm`. */
export function partsFromOpenAi(env: Env): readonly Part[] {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: url, ONCUE_STUDIO_OPENAI: wanted } = env;
  if (!key && !url) return [];
  const all = ['llm', 'stt', 'tts'] as const;
  if (!wanted) return all;
  const names = wanted.split(',').map((name) => name.trim());
  return all.filter((part) => names.includes(part));
}

/**
 * Chooses the parts of a session: an OpenAI-compatible server if its usual environment variables are set, otherwise
 * parts that need no key.
 */
export async function chooseSpeechParts(env: Env): Promise<SpeechParts> {
  const capabilities: Capability[] = [];
  const hosted = await hostedParts(env, capabilities);
  const speech = hosted.tts ?? embeddedVoice(capabilities);
  const model = hosted.llm ?? scriptedModel(capabilities);
  const vad = detector(capabilities);
  const recognizer = hosted.stt ?? (vad ? embeddedRecognizer(capabilities) : undefined);
  return {
    options: {
      llm: model,
      tts: speech,
      vad: vad ?? null,
      ...(recognizer ? { stt: recognizer } : {}),
      turnHandling: {
        // The default turn detector asks a server of LiveKit.
        turnDetection: vad ? 'vad' : 'manual',
        // A user who speaks cuts the answer at once, instead of pausing it for two seconds.
        interruption: { resumeFalseInterruption: false, minDuration: 250 },
        // Speech without words ends at once: a late end would cut the answer to a question typed meanwhile.
        ...(recognizer ? {} : { endpointing: { minDelay: 0, maxDelay: 0 } }),
      },
      // The page's microphone has its own echo cancellation, so there is no warm-up to wait for.
      aecWarmupDuration: null,
      userAwayTimeout: null,
      // Word times reach Oncue with the audio. With this option, agents 1.9.0 needs 4 s to leave `speaking` after a cut
      // during synthesis: it waits twice for a stream of timed words that nobody closes.
      useTtsAlignedTranscript: false,
    },
    capabilities,
    hasModel: hosted.llm !== undefined,
  };
}

interface HostedParts {
  readonly llm?: llm.LLM;
  readonly stt?: stt.STT;
  readonly tts?: tts.TTS;
}

interface OpenAiPlugin {
  readonly LLM: new (options: object) => llm.LLM;
  readonly STT: new (options: object) => stt.STT;
  readonly TTS: new (options: object) => tts.TTS;
}

const PLUGIN = '@livekit/agents-plugin-openai';

async function hostedParts(env: Env, capabilities: Capability[]): Promise<HostedParts> {
  const wanted = partsFromOpenAi(env);
  if (wanted.length === 0) return {};
  const source = env['OPENAI_BASE_URL'] ?? 'OpenAI';
  let plugin: OpenAiPlugin;
  try {
    plugin = (await importFromHere(PLUGIN)) as OpenAiPlugin;
  } catch {
    capabilities.push(
      ...wanted.map((part) => {
        const why = `OPENAI_API_KEY is set, but ${PLUGIN} is not installed`;
        return { part, using: null, why, command: `npm install ${PLUGIN}@1.9.0` };
      }),
    );
    return {};
  }
  // A local server needs no key, but the client does not start without one.
  const options = { apiKey: env['OPENAI_API_KEY'] ?? 'none', baseURL: env['OPENAI_BASE_URL'] };
  const made: { llm?: llm.LLM; stt?: stt.STT; tts?: tts.TTS } = {};
  const modelOf = (part: Part): object => {
    const model = env[`ONCUE_STUDIO_${part.toUpperCase()}_MODEL`];
    return model ? { model } : {};
  };
  if (wanted.includes('llm')) made.llm = new plugin.LLM({ ...options, ...modelOf('llm') });
  if (wanted.includes('stt')) made.stt = new plugin.STT({ ...options, ...modelOf('stt') });
  if (wanted.includes('tts')) made.tts = new plugin.TTS({ ...options, ...modelOf('tts') });
  for (const part of wanted)
    capabilities.push({ part, using: source, why: 'OPENAI_API_KEY or OPENAI_BASE_URL is set' });
  return made;
}

/** Imports an optional package, hidden from bundlers and from checks of declared packages. */
async function importFromHere(name: string): Promise<unknown> {
  const file = createRequire(import.meta.url).resolve(name);
  return import(name).catch(() => import(pathToFileURL(file).href));
}

function embeddedVoice(capabilities: Capability[]): tts.TTS {
  const voice = new FailingTTS({
    voice: 'slt',
    failWhen: (sentence) => UNSPEAKABLE.test(sentence),
  });
  voice.prewarm();
  capabilities.push({ part: 'tts', using: 'Flite', why: 'built in: no key, no download' });
  return voice;
}

function scriptedModel(capabilities: Capability[]): llm.LLM {
  capabilities.push({
    part: 'llm',
    using: 'script',
    why: 'set OPENAI_API_KEY (or OPENAI_BASE_URL) for a real model',
  });
  return new ScriptedLLM({
    firstTokenMs: 120,
    tokensPerSecond: 40,
    script: ({ userText, toolOutputs }) => {
      if (toolOutputs.length > 0) return TRAIN_ANSWER;
      if (/train/i.test(userText)) return { type: 'tool_call', name: TRAIN_TOOL, args: {} };
      return `You said: ${userText}. There is no language model here, so that is all I can say.`;
    },
  });
}

function detector(capabilities: Capability[]): VAD | undefined {
  try {
    const vad = createVad();
    capabilities.push({ part: 'vad', using: 'Silero', why: 'built into LiveKit Agents' });
    return vad;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    capabilities.push({ part: 'vad', using: null, why });
    return undefined;
  }
}

function embeddedRecognizer(capabilities: Capability[]): stt.STT | undefined {
  const found = findRecognizer();
  capabilities.push(
    found.stt
      ? { part: 'stt', using: 'Moonshine tiny', why: 'installed, runs on this machine' }
      : { part: 'stt', using: null, why: found.why, command: found.command },
  );
  return found.stt;
}
