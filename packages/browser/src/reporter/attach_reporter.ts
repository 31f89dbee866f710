import { AGENT_TOPIC, LISTENER_TOPIC } from '@oncue/core/wire';
import type { RemoteAudioTrack, RemoteParticipant, Room } from 'livekit-client';
import { AudioError } from '../shared/audio_error.ts';
import { maySound } from '../shared/autoplay.ts';
import { defaultPlayback } from '../shared/default_playback.ts';
import { EventList } from '../shared/event_list.ts';
import { followRoom } from '../shared/follow_room.ts';
import { nowMs } from '../shared/page_clock.ts';
import { followPage } from '../shared/page_life.ts';
import { FRAME_RATE_HZ } from './frame_rate.ts';
import { HeardParticipant } from './heard_participant.ts';
import type { HeardPosition } from './heard_position.ts';
import { ListeningContext } from './listening_context.ts';
import type {
  Reporter,
  ReporterEvents,
  ReporterOptions,
  ReporterState,
  ReporterStats,
} from './reporter_api.ts';
import type { TapMode } from './tap_mode.ts';
import { CHECK_INTERVAL_MS, STALLED_MS, START_PATIENCE_MS } from './tuning.ts';

/**
 * Reports to the agents of a LiveKit room what of their responses is heard in this page.
 *
 * It finds the sound of each response in what the page renders of the agent's track, so the reported instants include
 * network, jitter buffer and sound device. May be called before or after `room.connect`.
 *
 * @throws AudioError `wrong_sample_rate` for an `audioContext` that does not run at 48 kHz.
 */
export function attachReporter(room: Room, options: ReporterOptions = {}): Reporter {
  return new RoomReporter(room, options);
}

class RoomReporter implements Reporter {
  readonly #room: Room;
  readonly #mode: TapMode;
  readonly #listening: ListeningContext;
  readonly #participants = new Map<string, HeardParticipant>();
  readonly #events = new EventList<ReporterEvents>();
  readonly #following = new AbortController();
  readonly #ports = {
    changed: () => this.#review(),
    failed: (error: AudioError) => this.#fail(error),
  };
  readonly #startedAtMs = nowMs();
  #renderedAtMs = nowMs();
  #state: ReporterState = 'waiting';
  #isGone = false;
  #isFailed = false;

  constructor(room: Room, options: ReporterOptions) {
    const { workletUrl = new URL('./reporter.worklet.js', import.meta.url) } = options;
    const choice = chooseContext(room, options);
    const { signal } = this.#following;
    this.#room = room;
    this.#mode = choice.mode;
    const events = {
      ...this.#ports,
      deviceChanged: () => {
        for (const { clock } of this.#all) clock.reset();
      },
    };
    this.#listening = new ListeningContext(choice.context, String(workletUrl), events, signal);
    this.#followRoom(signal);
    const check = setInterval(() => this.#review(), CHECK_INTERVAL_MS);
    signal.addEventListener('abort', () => clearInterval(check));
    const pageGone = (isGone: boolean) => (): void => {
      this.#isGone = isGone;
      this.#review();
    };
    const page = { gone: pageGone(true), back: pageGone(false), shown: () => this.#review() };
    followPage(page, signal);
    this.#listening.setSink(room.getActiveDevice('audiooutput'));
    for (const participant of room.remoteParticipants.values())
      for (const { track } of participant.audioTrackPublications.values())
        if (track) this.#addTrack(participant, track as RemoteAudioTrack);
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
    this.#following.abort();
    for (const one of this.#all) one.close();
    this.#participants.clear();
    this.#listening.close();
    this.#setState('closed');
  }

  on<T extends keyof ReporterEvents>(type: T, listener: ReporterEvents[T]): () => void {
    return this.#events.on(type, listener);
  }

  stats(): ReporterStats {
    let foundCount = 0;
    let missedCount = 0;
    for (const { tracker } of this.#all) {
      foundCount += tracker.foundCount;
      missedCount += tracker.missedCount;
    }
    const clock = this.#all.find((one) => one.isAgent)?.clock;
    return { foundCount, missedCount, errorBoundMs: clock?.toPage(0)?.errorBoundMs };
  }

  playhead(): HeardPosition | undefined {
    for (const { tracker } of this.#all) {
      const position = tracker.playhead();
      if (position) return position;
    }
    return undefined;
  }

  #followRoom(signal: AbortSignal): void {
    const room = this.#room;
    const connected = (): void => {
      this.#review();
      for (const { tracker } of this.#all) tracker.greet();
    };
    const ended = followRoom(room, {
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
        if (kind === 'audiooutput') this.#listening.setSink(deviceId);
      },
    });
    signal.addEventListener('abort', ended);
  }

  #addTrack(participant: RemoteParticipant, track: RemoteAudioTrack): void {
    const heard = this.#heard(participant);
    heard.addTrack(track);
    heard.isAgent ||= participant.isAgent;
    // The application attaches the track in a later handler of the same event. Until then it is not muted.
    queueMicrotask(() => this.#review());
  }

  #take(participant: RemoteParticipant, payload: Uint8Array): void {
    const heard = this.#heard(participant);
    if (!heard.tracker.take(new TextDecoder().decode(payload)) || heard.isAgent) return;
    heard.isAgent = true;
    this.#review();
  }

  #heard({ identity }: RemoteParticipant): HeardParticipant {
    const known = this.#participants.get(identity);
    if (known) return known;
    const heard = new HeardParticipant(this.#listening.context, this.#mode, {
      send: (text, reliable) => {
        const options = { reliable, topic: LISTENER_TOPIC, destinationIdentities: [identity] };
        this.#room.localParticipant
          .publishData(new TextEncoder().encode(text), options)
          // The connection is gone. When it is back, everything is reported again.
          .catch(() => {});
      },
      // A worklet has rendered. That is when the output's clock is read: a hidden page throttles timers, but not these mails.
      mailed: () => {
        this.#renderedAtMs = nowMs();
        return this.#listening.output.read();
      },
      reported: (report) => this.#events.emit('report', report),
      begun: (position) => this.#events.emit('begin', position),
      ...this.#ports,
    });
    this.#participants.set(identity, heard);
    return heard;
  }

  /** Derives the state from the facts, then applies it to the taps and the agents. */
  #review(): void {
    if (this.#state === 'closed') return;
    const runs = this.#listening.runs && !this.#isFailed;
    const isStalled = this.#isTapped && nowMs() - this.#renderedAtMs > STALLED_MS;
    const isConnected = this.#room.state === 'connected';
    for (const one of this.#all) {
      if (runs) one.tap();
      one.play(runs);
      one.notify(runs && !isStalled && isConnected && !this.#isGone);
    }
    if (!runs || !this.#isTapped) this.#renderedAtMs = nowMs();
    this.#setState(this.#stateNow(runs && !isStalled && isConnected));
  }

  #stateNow(isAble: boolean): ReporterState {
    const agents = this.#all.filter((one) => one.isAgent && one.hasTrack);
    const { state, currentTime } = this.#listening.context;
    // One that has run before is not stopped by the browser's autoplay policy.
    if (state !== 'running' && currentTime === 0) {
      const isPatient = nowMs() - this.#startedAtMs < START_PATIENCE_MS;
      return (maySound() ?? isPatient) ? 'waiting' : 'blocked';
    }
    if (agents.length === 0) return 'waiting';
    if (!isAble) return 'away';
    return agents.some((one) => one.isAudible) ? 'listening' : 'muted';
  }

  get #isTapped(): boolean {
    return this.#all.some((one) => one.isTapped);
  }

  get #all(): HeardParticipant[] {
    return [...this.#participants.values()];
  }

  /** Without its worklet the reporter cannot go on; after any other error it does. */
  #fail(error: AudioError): void {
    if (this.#state === 'closed') return;
    this.#isFailed ||= error.code.startsWith('worklet');
    this.#review();
    this.#events.emit('error', error);
  }

  #setState(state: ReporterState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#events.emit('state', state);
  }
}

function chooseContext(
  room: Room,
  { audioContext, playback }: ReporterOptions,
): { readonly context: AudioContext | undefined; readonly mode: TapMode } {
  if (audioContext && audioContext.sampleRate !== FRAME_RATE_HZ)
    throw new AudioError(
      'wrong_sample_rate',
      `create audioContext with { sampleRate: ${FRAME_RATE_HZ} }, not ${audioContext.sampleRate}`,
    );
  const { webAudioMix } = room.options;
  if (!webAudioMix)
    return { context: audioContext, mode: playback ?? defaultPlayback(new Audio()) };
  const mixed = typeof webAudioMix === 'object' ? webAudioMix.audioContext : undefined;
  if (mixed?.sampleRate === FRAME_RATE_HZ && playback !== 'element')
    return { context: mixed, mode: 'plugin' };
  return { context: audioContext, mode: 'other' };
}
