import { AGENT_TOPIC, LISTENER_TOPIC } from '@oncue/core/wire';
import type { RemoteAudioTrack, RemoteParticipant, Room, RoomEventCallbacks } from 'livekit-client';
import { nowMs } from '../shared/page_clock.ts';
import { followPage } from '../shared/page_life.ts';
import type { OutputReading } from './frame_clock.ts';
import { FRAME_RATE_HZ } from './frame_rate.ts';
import { HeardParticipant } from './heard_participant.ts';
import { ListeningContext } from './listening_context.ts';
import type {
  Reporter,
  ReporterEvents,
  ReporterOptions,
  ReporterState,
  ReporterStats,
} from './reporter_api.ts';
import type { TapMode } from './track_tap.ts';

/** A context that is allowed to make sound runs within some 50 ms; only after this is it called blocked. */
const START_PATIENCE_MS = 300;

/** How often it is looked at whether the device still takes sound; a mail of the worklet comes every 64 ms or sooner. */
const CHECK_INTERVAL_MS = 500;

/** A context that claims to run and renders nothing for so long does not run. */
const STALLED_MS = 1500;

/**
 * Reports to the agents of a LiveKit room what of their responses is heard in this page.
 *
 * It finds the sound of each response in what the page renders of the agent's track, so that network, jitter buffer and
 * sound device are all in the figure. May be called before or after `room.connect`.
 *
 * @throws RangeError for an `audioContext` that does not run at 48 kHz.
 */
export function attachReporter(room: Room, options: ReporterOptions = {}): Reporter {
  return new RoomReporter(room, options);
}

class RoomReporter implements Reporter {
  readonly #room: Room;
  readonly #mode: TapMode;
  readonly #listening: ListeningContext;
  readonly #participants = new Map<string, HeardParticipant>();
  readonly #listeners: { [T in keyof ReporterEvents]: Set<ReporterEvents[T]> } = {
    state: new Set(),
    report: new Set(),
    error: new Set(),
  };
  readonly #stops: (() => void)[] = [];
  readonly #startedAtMs = nowMs();
  #renderedAtMs = nowMs();
  #state: ReporterState = 'waiting';
  #isGone = false;
  #isFailed = false;

  constructor(room: Room, options: ReporterOptions) {
    const { workletUrl = new URL('./reporter.worklet.js', import.meta.url) } = options;
    const choice = chooseContext(room, options);
    this.#room = room;
    this.#mode = choice.mode;
    this.#listening = new ListeningContext(choice.context, String(workletUrl), {
      changed: () => this.#review(),
      deviceChanged: () => this.#each((one) => one.clock.reset()),
      failed: (error) => this.#fail(error),
    });
    this.#followRoom();
    const check = setInterval(() => this.#review(), CHECK_INTERVAL_MS);
    this.#stops.push(
      () => clearInterval(check),
      followPage({
        gone: () => this.#pageGone(true),
        back: () => this.#pageGone(false),
        shown: () => this.#review(),
      }),
    );
    this.#setSink(room.getActiveDevice('audiooutput'));
    for (const participant of room.remoteParticipants.values()) this.#join(participant);
    void this.#listening.resume();
  }

  get state(): ReporterState {
    return this.#state;
  }

  get context(): AudioContext {
    return this.#listening.context;
  }

  async start(): Promise<void> {
    if (this.#state === 'closed') return;
    await Promise.race([
      this.#listening.resume(),
      new Promise((resolve) => setTimeout(resolve, START_PATIENCE_MS)),
    ]);
    this.#review();
  }

  close(): void {
    if (this.#state === 'closed') return;
    for (const stop of this.#stops.splice(0)) stop();
    this.#each((one) => one.close());
    this.#participants.clear();
    this.#listening.close();
    this.#setState('closed');
  }

  on<T extends keyof ReporterEvents>(type: T, listener: ReporterEvents[T]): () => void {
    this.#listeners[type].add(listener);
    return () => {
      this.#listeners[type].delete(listener);
    };
  }

  stats(): ReporterStats {
    const all = [...this.#participants.values()];
    const sum = (count: (one: HeardParticipant) => number): number =>
      all.reduce((total, one) => total + count(one), 0);
    return {
      foundCount: sum((one) => one.ear.foundCount),
      missedCount: sum((one) => one.ear.missedCount),
      errorBoundMs: all.find((one) => one.isAgent)?.clock.errorBoundMs,
    };
  }

  #followRoom(): void {
    const room = this.#room;
    const connected = (): void => {
      this.#review();
      this.#each((one) => one.ear.greet());
    };
    const handlers: Partial<RoomEventCallbacks> = {
      trackSubscribed: (track, _, participant) => {
        if (track.kind === 'audio') this.#addTrack(participant, track as RemoteAudioTrack);
      },
      trackUnsubscribed: (track, _, { identity }) => {
        this.#participants.get(identity)?.removeTrack(track as RemoteAudioTrack);
        this.#review();
      },
      dataReceived: (payload, participant, _, topic) => {
        if (topic === AGENT_TOPIC && participant) this.#take(participant, payload);
      },
      participantDisconnected: ({ identity }) => {
        this.#participants.get(identity)?.close();
        this.#participants.delete(identity);
        this.#review();
      },
      connected,
      reconnected: connected,
      disconnected: () => this.#review(),
      audioPlaybackChanged: () => {
        if (room.canPlaybackAudio) void this.start();
      },
      activeDeviceChanged: (kind, deviceId) => {
        if (kind === 'audiooutput') this.#setSink(deviceId);
      },
    };
    for (const [type, handler] of Object.entries(handlers)) {
      const event = type as keyof RoomEventCallbacks;
      room.on(event, handler);
      this.#stops.push(() => room.off(event, handler));
    }
  }

  #join(participant: RemoteParticipant): void {
    for (const { track } of participant.audioTrackPublications.values())
      if (track) this.#addTrack(participant, track as RemoteAudioTrack);
  }

  #addTrack(participant: RemoteParticipant, track: RemoteAudioTrack): void {
    const heard = this.#heard(participant);
    heard.addTrack(track);
    if (participant.isAgent) heard.isAgent = true;
    this.#review();
  }

  #take(participant: RemoteParticipant, payload: Uint8Array): void {
    const heard = this.#heard(participant);
    if (!heard.ear.take(new TextDecoder().decode(payload)) || heard.isAgent) return;
    heard.isAgent = true;
    this.#review();
  }

  #heard({ identity }: RemoteParticipant): HeardParticipant {
    const known = this.#participants.get(identity);
    if (known) return known;
    const heard = new HeardParticipant(this.#listening.context, this.#mode, {
      send: (text, isReliable) => this.#send(identity, text, isReliable),
      mailed: () => this.#mailed(),
      reported: (report) => this.#emit('report', report),
      changed: () => this.#review(),
      failed: (error) => this.#fail(error),
    });
    this.#participants.set(identity, heard);
    return heard;
  }

  #send(identity: string, text: string, isReliable: boolean): void {
    this.#room.localParticipant
      .publishData(new TextEncoder().encode(text), {
        reliable: isReliable,
        topic: LISTENER_TOPIC,
        destinationIdentities: [identity],
      })
      // The connection is gone; when it is back, all of it is told anew.
      .catch(() => {});
  }

  /** A worklet rendered: the moment to read the output's clock, even in a page whose timers are held back. */
  #mailed(): OutputReading | undefined {
    this.#renderedAtMs = nowMs();
    return this.#listening.readOutput();
  }

  #pageGone(isGone: boolean): void {
    this.#isGone = isGone;
    this.#review();
  }

  /** Brings taps, words to the agents and the state in line with what is so now. */
  #review(): void {
    if (this.#state === 'closed') return;
    const runs = this.#listening.runs && !this.#isFailed;
    const isStalled = this.#isTapped && nowMs() - this.#renderedAtMs > STALLED_MS;
    const isConnected = this.#room.state === 'connected';
    this.#each((one) => {
      if (runs) one.tap();
      one.play(runs);
      one.tell(runs && !isStalled && isConnected && !this.#isGone);
    });
    if (!runs || !this.#isTapped) this.#renderedAtMs = nowMs();
    this.#setState(this.#stateNow(runs && !isStalled && isConnected));
  }

  #stateNow(isAble: boolean): ReporterState {
    const agents = [...this.#participants.values()].filter((one) => one.isAgent && one.hasTrack);
    const { context, hasRun } = this.#listening;
    const justStarted = nowMs() - this.#startedAtMs < START_PATIENCE_MS;
    if (context.state !== 'running' && !hasRun) return justStarted ? 'waiting' : 'blocked';
    if (agents.length === 0) return 'waiting';
    if (!isAble) return 'away';
    return agents.some((one) => one.isAudible) ? 'listening' : 'muted';
  }

  get #isTapped(): boolean {
    return [...this.#participants.values()].some((one) => one.isTapped);
  }

  #setSink(deviceId: string | undefined): void {
    if (deviceId) this.#listening.setSink(deviceId);
  }

  #each(run: (participant: HeardParticipant) => void): void {
    for (const participant of this.#participants.values()) run(participant);
  }

  #fail(error: Error): void {
    this.#isFailed = true;
    this.#review();
    this.#emit('error', error);
  }

  #setState(state: ReporterState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#emit('state', state);
  }

  #emit<T extends keyof ReporterEvents>(type: T, value: Parameters<ReporterEvents[T]>[0]): void {
    for (const listener of [...this.#listeners[type]]) {
      try {
        (listener as (value: unknown) => void)(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

function chooseContext(
  room: Room,
  { audioContext, playback = 'graph' }: ReporterOptions,
): { readonly context: AudioContext | undefined; readonly mode: TapMode } {
  if (audioContext && audioContext.sampleRate !== FRAME_RATE_HZ)
    throw new RangeError(
      `audioContext runs at ${audioContext.sampleRate} Hz: make it with { sampleRate: ${FRAME_RATE_HZ} }`,
    );
  const { webAudioMix } = room.options;
  if (!webAudioMix) return { context: audioContext, mode: playback };
  const mixed = typeof webAudioMix === 'object' ? webAudioMix.audioContext : undefined;
  if (mixed?.sampleRate === FRAME_RATE_HZ && playback === 'graph')
    return { context: mixed, mode: 'plugin' };
  return { context: audioContext, mode: 'other' };
}
