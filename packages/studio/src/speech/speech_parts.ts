import type { llm, stt, tts, VAD } from '@livekit/agents';
import { createVad, FailingTTS, ScriptedLLM } from '@oncue/embedded';
import type { StudioSessionOptions } from '../agent/agent_module.ts';
import { TRAIN_ANSWER, TRAIN_TOOL, UNSPEAKABLE } from '../agent/demo_scenarios.ts';
import type { Capability } from '../protocol/control_messages.ts';
import { failureText } from './explain_failure.ts';
import { findRecognizer } from './moonshine.ts';
import { namesServer, type SpeechEnv } from './openai_choice.ts';
import { openAiParts } from './openai_parts.ts';

/** The parts of a session, and why they were chosen. */
export interface SpeechParts {
  readonly options: StudioSessionOptions;
  readonly capabilities: readonly Capability[];
  /** There is a real language model, not only the script. */
  readonly hasModel: boolean;
  /** Describes an error event of the session for the user. */
  readonly failureText: (type: string, error: unknown) => string;
}

const SHOWN_ORDER = ['llm', 'tts', 'stt', 'vad'] as const;

/**
 * Chooses the parts of a session: those that `ONCUE_STUDIO_OPENAI` names from an OpenAI-compatible server, and otherwise
 * parts that need no key. A key alone changes nothing: a user must not pay because a shell has a variable set.
 */
export async function chooseSpeechParts(env: SpeechEnv): Promise<SpeechParts> {
  const capabilities: Capability[] = [];
  const vad = detector(capabilities);
  const server = await openAiParts(env, capabilities, vad);
  const speech = server.tts ?? embeddedVoice(capabilities);
  const model = server.llm ?? scriptedModel(env, capabilities);
  // Both kinds of recognition take utterances that voice activity detection has found.
  const recognizer = vad ? (server.stt ?? embeddedRecognizer(capabilities)) : undefined;
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
      // A part that fails again and again is shown each time, and the user goes on by typing.
      connOptions: { maxUnrecoverableErrors: Number.MAX_SAFE_INTEGER },
      // Word times reach Oncue with the audio. With this option, agents 1.9.0 needs 4 s to leave `speaking` after a cut
      // during synthesis: it waits twice for a stream of timed words that nobody closes.
      useTtsAlignedTranscript: false,
    },
    capabilities: SHOWN_ORDER.flatMap((part) => capabilities.filter((one) => one.part === part)),
    hasModel: server.llm !== undefined,
    failureText: failureText(env),
  };
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

function scriptedModel(env: SpeechEnv, capabilities: Capability[]): llm.LLM {
  capabilities.push({
    part: 'llm',
    using: 'script',
    why: namesServer(env)
      ? 'OPENAI_API_KEY or OPENAI_BASE_URL is set and not used; start with --openai for the real model'
      : 'set OPENAI_API_KEY or OPENAI_BASE_URL and start with --openai for a real model',
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
