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
  // In Firefox only the sound device is the truth.
  readonly #recorder = installRecorder({ readsOutputs: !navigator.userAgent.includes('Firefox') });
  readonly #pings = new Pings({ ping: 'bench.ping', pong: 'bench.pong' });
  readonly #errors: string[] = [];
  readonly #attached: (room: Room, reporter: Reporter) => void;
  /** `mixed`: LiveKit plays in the context that is recorded. Otherwise as the reporter's option `playback` says. */
  #playback: 'mixed' | 'graph' | 'element' = 'mixed';
  #room: Room | undefined;
  #reporter: Reporter | undefined;

  /** @param attached - is called before the page connects to the room. */
  constructor(attached: (room: Room, reporter: Reporter) => void = () => {}) {
    this.#attached = attached;
  }

  /** What the benchmark calls in the page. */
  get calls() {
    return {
      setPlayback: (playback: 'mixed' | 'graph' | 'element') => {
        this.#playback = playback;
      },
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
    const playback = this.#playback;
    const room = new Room(playback === 'mixed' ? { webAudioMix: { audioContext } } : {});
    room.on(RoomEvent.TrackSubscribed, (track) => track.attach());
    room.on(RoomEvent.DataReceived, (data, _participant, _kind, topic) =>
      this.#pings.take(topic, data),
    );
    const workletUrl = 'reporter.worklet.js';
    const own = playback === 'mixed' ? {} : { playback };
    const reporter = attachReporter(room, { audioContext, workletUrl, ...own });
    reporter.on('error', (error) => this.#errors.push(String(error)));
    this.#room = room;
    this.#reporter = reporter;
    this.#attached(room, reporter);
    await room.connect(url, token);
    await reporter.start();
  }
}
