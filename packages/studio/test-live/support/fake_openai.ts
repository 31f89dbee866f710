import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server writes, and what it understands of every utterance. */
export const FAKE_ANSWER = 'The museum opens at ten.';
export const FAKE_TRANSCRIPT = 'When does it open?';

/** What it says of a key that it refuses. */
export const FAKE_REFUSAL = 'Incorrect API key provided.';

const SPEECH_RATE_HZ = 24_000;

/** One kind of request that the server may lack. */
export type FakeRoute = 'chat/completions' | 'audio/speech' | 'audio/transcriptions';

/** A small OpenAI-compatible server on this machine, with the three routes that Studio uses. */
export class FakeOpenAi {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  /** The routes that answer 404, as on a server that has only some. */
  readonly missing = new Set<FakeRoute>();
  /** The routes that refuse the key. */
  readonly refusing = new Set<FakeRoute>();
  /** The routes that never answer. */
  readonly silent = new Set<FakeRoute>();
  /** The routes that were asked, in order, without the list of models. */
  readonly asked: string[] = [];

  static async start(): Promise<FakeOpenAi> {
    const fake = new FakeOpenAi();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for await (const _ of request);
    const route = (request.url ?? '').replace('/v1/', '');
    if (route !== 'models') this.asked.push(route);
    if (this.silent.has(route as FakeRoute)) return;
    if (this.missing.has(route as FakeRoute)) {
      response.writeHead(404).end('404 page not found');
      return;
    }
    if (this.refusing.has(route as FakeRoute)) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: FAKE_REFUSAL, type: 'invalid_request' } }));
      return;
    }
    switch (route) {
      case 'chat/completions':
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const delta of [{ role: 'assistant', content: FAKE_ANSWER }, {}])
          response.write(`data: ${JSON.stringify(chunkOf(delta))}\n\n`);
        response.end('data: [DONE]\n\n');
        return;
      case 'audio/speech':
        response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(oneSecond());
        return;
      case 'audio/transcriptions':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ text: FAKE_TRANSCRIPT }));
        return;
      default:
        response.writeHead(404).end();
    }
  }
}

function chunkOf(delta: { readonly content?: string }): object {
  const choice = { index: 0, delta, finish_reason: delta.content === undefined ? 'stop' : null };
  return { id: 'fake', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [choice] };
}

/** A second of a tone, as 16-bit PCM. */
function oneSecond(): Buffer {
  const bytes = Buffer.alloc(SPEECH_RATE_HZ * 2);
  for (let index = 0; index < SPEECH_RATE_HZ; index += 1)
    bytes.writeInt16LE(Math.round(8000 * Math.sin(index / 12)), index * 2);
  return bytes;
}
