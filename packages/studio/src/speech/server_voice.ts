import { type APIConnectOptions, AudioByteStream, tokenize, tts } from '@livekit/agents';

const RATE_HZ = 24_000;

/** Where to ask for speech, and for which. */
export interface ServerVoiceOptions {
  /** The address up to `/v1`. */
  readonly server: string;
  readonly apiKey: string;
  /** Default `tts-1`. */
  readonly model?: string;
  /** Default `alloy`. */
  readonly voice?: string;
}

/** An answer of the server that is not speech. */
class SpeechRequestError extends Error {
  override readonly name = 'SpeechRequestError';
  readonly status: number;

  constructor(status: number, answer: string) {
    super(messageIn(answer).slice(0, 300) || `status ${status}`);
    this.status = status;
  }
}

/** What an answer says: OpenAI's servers wrap it in `error.message`, others in `error`, `message` or `detail`. */
function messageIn(answer: string): string {
  try {
    const said = JSON.parse(answer);
    const texts = [said.error?.message, said.error, said.message, said.detail];
    return texts.find((text) => typeof text === 'string') ?? answer;
  } catch {
    return answer;
  }
}

/**
 * A voice of an OpenAI-compatible server, `/audio/speech`. A failed request is an `error` event and nothing more. That of
 * the plugin, as of agents 1.9.0, is also a promise that nobody handles, for which Node ends a process.
 */
export function serverVoice(options: ServerVoiceOptions): tts.TTS {
  // The session would make the same adapter. Nobody would listen to its `error` event then, which Node takes for uncaught.
  return new tts.StreamAdapter(new SentenceVoice(options), new tokenize.basic.SentenceTokenizer());
}

class SentenceVoice extends tts.TTS {
  readonly label = 'studio.SentenceVoice';
  readonly #options: ServerVoiceOptions;

  constructor(options: ServerVoiceOptions) {
    super(RATE_HZ, 1, { streaming: false });
    this.#options = options;
  }

  override synthesize(
    text: string,
    connOptions?: APIConnectOptions,
    signal?: AbortSignal,
  ): tts.ChunkedStream {
    return new SentenceStream({ voice: this, options: this.#options, text }, connOptions, signal);
  }

  override stream(): tts.SynthesizeStream {
    throw new Error('this voice speaks whole sentences; the adapter around it streams');
  }
}

class SentenceStream extends tts.ChunkedStream {
  readonly label = 'studio.SentenceStream';
  readonly #voice: SentenceVoice;
  readonly #options: ServerVoiceOptions;

  constructor(
    of: {
      readonly voice: SentenceVoice;
      readonly options: ServerVoiceOptions;
      readonly text: string;
    },
    connOptions: APIConnectOptions | undefined,
    signal: AbortSignal | undefined,
  ) {
    super(of.text, of.voice, connOptions, signal);
    this.#voice = of.voice;
    this.#options = of.options;
  }

  protected override async run(): Promise<void> {
    try {
      await this.#speak();
    } catch (error) {
      if (this.abortSignal.aborted) return;
      this.#voice.emit('error', {
        type: 'tts_error',
        timestamp: Date.now(),
        label: this.label,
        error: error instanceof Error ? error : new Error(String(error)),
        recoverable: false,
      });
    }
  }

  async #speak(): Promise<void> {
    const { server, apiKey, model = 'tts-1', voice = 'alloy' } = this.#options;
    const response = await fetch(`${server.replace(/\/$/, '')}/audio/speech`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, voice, input: this.inputText, response_format: 'pcm' }),
      signal: this.abortSignal,
    });
    if (!response.ok || !response.body)
      throw new SpeechRequestError(response.status, await response.text());
    const frames = new AudioByteStream(RATE_HZ, 1);
    const put = (some: ReturnType<AudioByteStream['write']>): void => {
      for (const frame of some)
        this.queue.put({ requestId: '', segmentId: '', frame, final: false });
    };
    for await (const bytes of response.body) {
      const { buffer, byteOffset, byteLength } = bytes;
      put(frames.write(buffer.slice(byteOffset, byteOffset + byteLength)));
    }
    put(frames.flush());
  }
}
