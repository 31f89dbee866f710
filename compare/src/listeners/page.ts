import type { voice } from '@livekit/agents';
import { SocketListener } from '@oncue/livekit';
import { PlayerPage } from '../fakes/player_page.ts';
import { SAMPLE_RATE_HZ } from '../fakes/words_tts.ts';
import { attachedOutput } from './attached_output.ts';
import { type Listening, type ListeningPort, USUAL_PATH_MS } from './listening.ts';

const NETWORK_MS = 20;

/** Oncue with a page on a WebSocket. */
export class Page implements Listening {
  readonly output: voice.AudioOutput;
  readonly #port: ListeningPort;
  readonly #listener: SocketListener;
  #page: PlayerPage | undefined;

  constructor(port: ListeningPort) {
    this.#port = port;
    const { clock } = port;
    this.#listener = new SocketListener({ clock, sampleRateHz: SAMPLE_RATE_HZ });
    this.output = attachedOutput(port, { listener: this.#listener, clock });
  }

  comes(): void {
    const { clock, ear, plan } = this.#port;
    const { pathMs = USUAL_PATH_MS } = plan;
    this.#page = new PlayerPage({ clock, ear, pathMs, networkMs: NETWORK_MS });
    this.#listener.attachSocket(this.#page);
  }

  leaves(): void {
    this.#page?.vanish();
    this.#page = undefined;
  }

  setMuted(isMuted: boolean): number | undefined {
    return this.#page?.setMuted(isMuted);
  }

  networkGoes(): void {
    this.#page?.fallSilent();
  }

  /** A page whose socket has died connects anew. */
  networkReturns(): void {
    if (this.#page?.speakAgain()) return;
    this.#page?.vanish();
    this.comes();
  }
}
