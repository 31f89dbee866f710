import { setTimeout as sleep } from 'node:timers/promises';
import { Room } from '@livekit/rtc-node';
import { joinToken, type LivekitServer } from '@oncue/testbed';

/** How often the worker looks whether it was interrupted. */
const TICK_MS = 20;
const BYTES_A_SAMPLE = 2;

interface Segment {
  receivedMs: number;
  ended: boolean;
  cleared: boolean;
}

/**
 * As much of an avatar worker as an agent sees: gets audio by byte stream, and tells of its playback by RPC. As LiveKit's
 * own, a clear makes it ignore the rest of the stream it reads, and tell of an end only if something plays
 * (`livekit-agents/livekit/agents/voice/avatar/_datastream_io.py`, `_runner.py`).
 */
export class AvatarWorker {
  /** Samples that came. */
  receivedSamples = 0;
  readonly #room = new Room();
  readonly #agent: string;
  #isDead = false;
  /** What comes in now. */
  #reading: Segment | undefined;
  /** What plays now. */
  #playing: Segment | undefined;
  /** Segments play one after the other. */
  #work: Promise<void> = Promise.resolve();

  private constructor(agent: string) {
    this.#agent = agent;
  }

  static async join(
    server: LivekitServer,
    of: { readonly room: string; readonly identity: string; readonly agent: string },
  ): Promise<AvatarWorker> {
    const worker = new AvatarWorker(of.agent);
    const room = worker.#room;
    room.registerTextStreamHandler('lk.transcription', () => {});
    room.registerByteStreamHandler('lk.audio_stream', (reader) => {
      const rateHz = Number(reader.info.attributes?.['sample_rate']);
      const segment: Segment = { receivedMs: 0, ended: false, cleared: false };
      void worker.#receive(reader, segment, rateHz);
      worker.#work = worker.#work.then(() => worker.#play(segment));
    });
    const token = await joinToken(server, { ...of, kind: 'agent' });
    await room.connect(server.url, token, { autoSubscribe: false, dynacast: false });
    room.localParticipant?.registerRpcMethod('lk.clear_buffer', async () => {
      for (const segment of [worker.#reading, worker.#playing]) if (segment) segment.cleared = true;
      return 'ok';
    });
    return worker;
  }

  async leave(): Promise<void> {
    await this.#work;
    await this.#room.disconnect();
  }

  /** Its process is killed: it neither plays nor says anything more. */
  async die(): Promise<void> {
    this.#isDead = true;
    await this.#room.disconnect();
  }

  async #receive(
    chunks: AsyncIterable<Uint8Array>,
    segment: Segment,
    rateHz: number,
  ): Promise<void> {
    this.#reading = segment;
    for await (const chunk of chunks) {
      if (segment.cleared) continue;
      const samples = chunk.length / BYTES_A_SAMPLE;
      this.receivedSamples += samples;
      segment.receivedMs += (samples * 1000) / rateHz;
    }
    segment.ended = true;
    if (this.#reading === segment) this.#reading = undefined;
  }

  /** In real time: as much as has come, until all of it has been played. */
  async #play(segment: Segment): Promise<void> {
    while (segment.receivedMs === 0 && !segment.ended && !segment.cleared) await sleep(TICK_MS);
    if (segment.receivedMs === 0 || segment.cleared) return;
    this.#playing = segment;
    await this.#tell('lk.playback_started', {});
    let playedMs = 0;
    while (!segment.cleared && !(segment.ended && playedMs >= segment.receivedMs)) {
      await sleep(TICK_MS);
      playedMs = Math.min(playedMs + TICK_MS, segment.receivedMs);
    }
    await this.#tell('lk.playback_finished', {
      playback_position: playedMs / 1000,
      interrupted: segment.cleared,
      synchronized_transcript: null,
    });
    this.#playing = undefined;
  }

  async #tell(method: string, payload: object): Promise<void> {
    if (this.#isDead) return;
    await this.#room.localParticipant?.performRpc({
      destinationIdentity: this.#agent,
      method,
      payload: JSON.stringify(payload),
    });
  }
}
