import { messageOf } from '@oncue/core/internal';
import { partsFromOpenAi, type ServerPart, type SpeechEnv, serverOf } from './openai_choice.ts';

/** What each part does, as a server would be asked for it. */
const JOBS: Readonly<Record<ServerPart, string>> = {
  llm: 'answer as a model',
  tts: 'speak',
  stt: 'understand speech',
};

/**
 * What a user can do about a failed request to an OpenAI-compatible server, followed by what the server said.
 *
 * @param others The parts that would be left without the failed one, as `ONCUE_STUDIO_OPENAI` takes them.
 */
function explainFailure(
  error: unknown,
  of: { readonly part: ServerPart; readonly server: string; readonly others: string },
): string {
  const { part, server, others } = of;
  const status = statusOf(error);
  const model = `ONCUE_STUDIO_${part.toUpperCase()}_MODEL`;
  const without =
    others === ''
      ? 'start without --openai'
      : `leave this part out with ONCUE_STUDIO_OPENAI=${others}`;
  const said = `It said: ${messageOf(error)}`;
  if (status === undefined)
    return `${server} does not answer. Check OPENAI_BASE_URL and that the server runs. ${said}`;
  if (status === 401 || status === 403)
    return `${server} refuses the key (${status}). Check OPENAI_API_KEY. ${said}`;
  if (status === 404)
    return `${server} cannot ${JOBS[part]}, or does not know the model (404). Name a model with ${model}, or ${without}. ${said}`;
  if (status === 429)
    return `${server} takes no more requests now: too many, or no credit left (429). ${said}`;
  return `${server} failed with ${status}. ${said}`;
}

/** The part that an error event of LiveKit is about. */
const PART_OF: Readonly<Record<string, ServerPart>> = {
  llm_error: 'llm',
  realtime_model_error: 'llm',
  tts_error: 'tts',
  stt_error: 'stt',
};

/** Describes an error event of LiveKit: with what to do about it, if the part comes from a server. */
export function failureText(env: SpeechEnv): (type: string, error: unknown) => string {
  const hosted = partsFromOpenAi(env);
  return (type, error) => {
    const part = PART_OF[type];
    if (part === undefined || !hosted.includes(part)) return messageOf(error);
    const others = hosted.filter((other) => other !== part).join(',');
    return explainFailure(error, { part, server: serverOf(env), others });
  };
}

/** The HTTP status: LiveKit's errors and those of the OpenAI client name it differently. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown };
  const found = [status, statusCode].find((one) => typeof one === 'number' && one >= 100);
  return typeof found === 'number' ? found : undefined;
}
