import { attachReporter, type Reporter } from '@oncue/browser/reporter';
import { Pings } from '@oncue/testbed/page/pings';
import { LogLevel, Room, RoomEvent, setLogLevel } from 'livekit-client';
import { installRecorder } from '../../shared/page/output_recorder.ts';

const RATE_HZ = 48_000;

setLogLevel(LogLevel.warn);

/**
 * A listener as livekit-client makes one, with Oncue's reporter. It plays through one context whose output is recorded, and
 * answers the pings of the benchmark.
 */
export class BenchListener {
  readonly #recorder = installRecorder();
  readonly #pings = new Pings({ ping: 'bench.ping', pong: 'bench.pong' });
  readonly #errors: string[] = [];
  readonly #attached: (room: Room, reporter: Reporter) => void;
  #room: Room | undefined;
  #reporter: Reporter | undefined;

  /** @param attached - is called before the page connects to the room. */
  constructor(attached: (room: Room, reporter: Reporter) => void = () => {}) {
    this.#attached = attached;
  }

  /** What the benchmark calls in the page. */
  get calls() {
    return {
      join: (of: { readonly url: string; readonly token: string }) => this.#join(of),
      leave: async () => {
        this.#reporter?.close();
        await this.#room?.disconnect();
      },
      roundTripsMs: (of: { readonly count: number; readonly everyMs: number }) =>
        this.#pings.roundTripsMs(this.#room, of),
      view: () => ({
        state: this.#reporter?.state,
        stats: this.#reporter?.stats(),
        errors: this.#errors,
      }),
    };
  }

  async #join({ url, token }: { readonly url: string; readonly token: string }): Promise<void> {
    const audioContext = new AudioContext({ sampleRate: RATE_HZ });
    await this.#recorder.prepare(audioContext);
    const room = new Room({ webAudioMix: { audioContext } });
    room.on(RoomEvent.TrackSubscribed, (track) => track.attach());
    room.on(RoomEvent.DataReceived, (data, _participant, _kind, topic) =>
      this.#pings.take(topic, data),
    );
    const reporter = attachReporter(room, { audioContext, workletUrl: 'reporter.worklet.js' });
    reporter.on('error', (error) => this.#errors.push(String(error)));
    this.#room = room;
    this.#reporter = reporter;
    this.#attached(room, reporter);
    await room.connect(url, token);
    await reporter.start();
  }
}
