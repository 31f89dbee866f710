import { attachReporter, type Reporter, type ReporterOptions } from '@oncue/browser/reporter';
import {
  AGENT_TOPIC,
  type AgentMessage,
  encodeAgentMessage,
  encodeSound,
  inSpeechBand,
  type Playhead,
  parseListenerMessage,
  soundOf,
  speechBandKernel,
} from '@oncue/core/wire';
import { RemoteAudioTrack, type Room } from 'livekit-client';
import { speechLike } from '../support/speech_like.ts';
import { RenderedTruth } from './rendered_truth.ts';

const RATE_HZ = 24_000;
const PIECE_MS = 150;
const PIECE_INTERVAL_MS = 600;
/** How long before its piece a fingerprint is sent. */
const AHEAD_MS = 20;
/** Offset of the agent's clock from the page's. */
const AGENT_CLOCK_MS = 1_000_000;

const kernel = speechBandKernel(RATE_HZ);

type ListenerSaid = NonNullable<ReturnType<typeof saidOf>>;

/** The part of a room that the reporter uses. */
class FakeRoom {
  readonly options: { webAudioMix: boolean | { audioContext: AudioContext } } = {
    webAudioMix: false,
  };
  readonly state = 'connected';
  readonly canPlaybackAudio = true;
  readonly remoteParticipants = new Map<string, unknown>();
  readonly said: ListenerSaid[] = [];
  hello = (): void => {};
  readonly #handlers = new Map<string, Set<(...args: unknown[]) => void>>();
  readonly localParticipant = {
    publishData: async (
      bytes: Uint8Array,
      { destinationIdentities }: { destinationIdentities: string[] },
    ): Promise<void> => {
      const said = saidOf(bytes);
      if (!said || destinationIdentities[0] !== 'agent') return;
      this.said.push(said);
      if (said.type === 'hello') this.hello();
    },
  };

  getActiveDevice(): undefined {}

  on(type: string, handler: (...args: unknown[]) => void): this {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers.add(handler));
    return this;
  }

  off(type: string, handler: (...args: unknown[]) => void): this {
    this.#handlers.get(type)?.delete(handler);
    return this;
  }

  emit(type: string, ...args: unknown[]): void {
    for (const handler of [...(this.#handlers.get(type) ?? [])]) handler(...args);
  }
}

function saidOf(bytes: Uint8Array) {
  const parsed = parseListenerMessage(new TextDecoder().decode(bytes));
  return parsed.ok ? parsed.message : undefined;
}

/** An agent in the page. Its track comes through a real peer connection, its messages without delay. */
class FakeAgent {
  readonly participant = { identity: 'agent', isAgent: false, audioTrackPublications: new Map() };
  readonly context = new AudioContext({ sampleRate: 48_000 });
  readonly #room: FakeRoom;
  readonly #output = this.context.createMediaStreamDestination();
  #playing: { source: AudioBufferSourceNode; id: string; atSeconds: number }[] = [];
  /** What a page has missed that says hello again: after a stall it knows nothing any more. */
  readonly #told = new Map<string, AgentMessage>();
  #seq = 0;
  #timers: number[] = [];

  constructor(room: FakeRoom) {
    this.#room = room;
    room.hello = () => {
      for (const message of this.#told.values()) this.say(message);
    };
  }

  async publish(): Promise<RemoteAudioTrack> {
    const [here, there] = [new RTCPeerConnection(), new RTCPeerConnection()];
    here.onicecandidate = ({ candidate }) => void there.addIceCandidate(candidate ?? undefined);
    there.onicecandidate = ({ candidate }) => void here.addIceCandidate(candidate ?? undefined);
    const arrived = new Promise<RTCTrackEvent>((resolve) => {
      there.ontrack = resolve;
    });
    here.addTrack(this.#output.stream.getAudioTracks()[0] as MediaStreamTrack);
    await here.setLocalDescription(await here.createOffer());
    await there.setRemoteDescription(here.localDescription as RTCSessionDescription);
    await there.setLocalDescription(await there.createAnswer());
    await here.setRemoteDescription(there.localDescription as RTCSessionDescription);
    const { track, receiver } = await arrived;
    return new RemoteAudioTrack(track, 'TR_agent', receiver);
  }

  say(message: AgentMessage): void {
    this.#seq += 1;
    const text = encodeAgentMessage(message, { epoch: 'session', seq: this.#seq });
    const bytes = new TextEncoder().encode(text);
    this.#room.emit('dataReceived', bytes, this.participant, 0, AGENT_TOPIC);
  }

  /** @returns When it leaves, on this context's clock in seconds. */
  play(responseId: string, pcm: Int16Array, atSeconds: number): void {
    const id = responseId as Playhead['responseId'];
    const buffer = this.context.createBuffer(1, pcm.length, RATE_HZ);
    buffer.getChannelData(0).set(Float32Array.from(pcm, (value) => value / 32_768));
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(this.#output);
    source.start(atSeconds);
    this.#playing.push({ source, id: responseId, atSeconds });
    this.#at(atSeconds - 0.1, () =>
      this.#tell({ type: 'announce', responseId: id, sampleRateHz: RATE_HZ }),
    );
    const lengthMs = (pcm.length * 1000) / RATE_HZ;
    for (let atMs = 0; atMs + PIECE_MS <= lengthMs; atMs += PIECE_INTERVAL_MS)
      this.#fingerprint(id, pcm, atMs, atSeconds);
    this.#at(atSeconds + lengthMs / 2000, () =>
      this.#tell({ type: 'end', responseId: id, totalSamples: pcm.length }),
    );
  }

  #tell(message: Extract<AgentMessage, { type: 'announce' | 'end' }>): void {
    this.#told.set(`${message.responseId} ${message.type}`, message);
    this.say(message);
  }

  /** Stops what plays, and says nothing more of what was to come. @returns What of it had been sent. */
  clear(): { id: string; samples: number } | undefined {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#told.clear();
    // Stopping takes effect in a later quantum.
    const stopAt = Math.ceil((this.context.currentTime + 0.02) * 1000) / 1000;
    let left: { id: string; samples: number } | undefined;
    for (const { source, id, atSeconds } of this.#playing) {
      source.stop(stopAt);
      const samples = Math.round((stopAt - atSeconds) * RATE_HZ);
      const isSounding = samples > 0 && samples < (source.buffer?.length ?? 0);
      if (isSounding) left = { id, samples };
    }
    this.#playing = [];
    const leftBy = left && { responseId: left.id as Playhead['responseId'], samples: left.samples };
    this.say({ type: 'clear', ...(leftBy && { left: leftBy }) });
    return left;
  }

  #fingerprint(
    responseId: Playhead['responseId'],
    pcm: Int16Array,
    atMs: number,
    atSeconds: number,
  ): void {
    const atSample = (atMs * RATE_HZ) / 1000;
    const sound = soundOf(
      inSpeechBand(pcm, atSample, PIECE_MS * 8, { sampleRateHz: RATE_HZ, kernel }),
    );
    const leavesAtMs = (AGENT_CLOCK_MS + atSeconds * 1000 + atMs) as Extract<
      AgentMessage,
      { type: 'fingerprint' }
    >['leavesAtMs'];
    this.#at(atSeconds + (atMs - AHEAD_MS) / 1000, () =>
      this.say({
        type: 'fingerprint',
        responseId,
        sampleRateHz: RATE_HZ,
        atSample,
        leavesAtMs,
        sound: encodeSound(sound),
      }),
    );
  }

  #at(seconds: number, run: () => void): void {
    const delayMs = Math.max(0, (seconds - this.context.currentTime) * 1000);
    this.#timers.push(window.setTimeout(run, delayMs));
  }
}

const room = new FakeRoom();
const states: string[] = [];
const errors: { code: string; text: string }[] = [];
const reports: Playhead[] = [];
let agent: FakeAgent;
let reporter: Reporter;
let truth: RenderedTruth;
let track: RemoteAudioTrack;
/** How often the audio nodes that the application has added to the track were replaced. */
let pluginChangeCount = 0;
let element: HTMLMediaElement;
const others: RemoteAudioTrack[] = [];
const sounds = new Map<string, Int16Array>();

function attach(options: ReporterOptions): void {
  reporter = attachReporter(room as unknown as Room, options);
  states.push(reporter.state);
  reporter.on('state', (state) => {
    states.push(state);
    console.log(state);
  });
  reporter.on('error', ({ code, message, cause }) =>
    errors.push({ code, text: `${message}: ${String(cause)}` }),
  );
  reporter.on('report', (report) => reports.push(report));
}

/** As LiveKit does it when the track has arrived. */
async function subscribe(mixedIn?: AudioContext, hidesPlugins = false): Promise<void> {
  agent = new FakeAgent(room);
  track = await agent.publish();
  track.setAudioContext(mixedIn);
  element = track.attach();
  document.body.append(element);
  const set = track.setWebAudioPlugins.bind(track);
  track.setWebAudioPlugins = (nodes) => {
    pluginChangeCount += 1;
    set(nodes);
  };
  if (hidesPlugins) Object.assign(track, { webAudioPluginNodes: undefined });
  room.emit('trackSubscribed', track, {}, agent.participant);
}

const fixture = {
  async open({ playback }: { playback?: 'graph' | 'element' } = {}): Promise<void> {
    const audioContext = new AudioContext({ sampleRate: 48_000 });
    truth = new RenderedTruth(audioContext);
    await truth.record();
    attach({ audioContext, ...(playback && { playback }) });
    await subscribe();
    agent.say({ type: 'welcome', sampleRateHz: RATE_HZ });
    agent.say({ type: 'ping', pingId: 1 });
  },

  /**
   * The room has a graph of its own, in which the reporter takes a place.
   *
   * @param of.hidesPlugins LiveKit keeps the nodes of the application under a name that nobody knows.
   */
  async openMixed({ hidesPlugins }: { hidesPlugins?: boolean } = {}): Promise<void> {
    const audioContext = new AudioContext({ sampleRate: 48_000 });
    truth = new RenderedTruth(audioContext);
    await truth.record();
    room.options.webAudioMix = { audioContext };
    attach({});
    await subscribe(audioContext, hidesPlugins);
    agent.say({ type: 'welcome', sampleRateHz: RATE_HZ });
  },

  /** Only the reporter's own context. */
  async openPlain({ workletUrl }: { workletUrl?: string } = {}): Promise<void> {
    attach(workletUrl === undefined ? {} : { workletUrl });
    await subscribe();
    agent.say({ type: 'welcome', sampleRateHz: RATE_HZ });
  },

  /** Plays responses one after the other. */
  play(responses: readonly { id: string; seed: number; ms: number; gapMs: number }[]): void {
    let at = agent.context.currentTime + 0.3;
    for (const { id, seed, ms, gapMs } of responses) {
      const pcm = speechLike(seed, ms, RATE_HZ);
      sounds.set(id, pcm);
      at += gapMs / 1000;
      agent.play(id, pcm, at);
      at += ms / 1000;
    }
  },

  clear: () => agent.clear(),

  view() {
    const { said } = room;
    return { states, errors, reports, said, state: reporter.state, stats: reporter.stats() };
  },

  volume: (value: number): void => {
    element.volume = value;
  },
  mute: (value: boolean): void => {
    element.muted = value;
  },
  element: () => ({ volume: element.volume, muted: element.muted }),
  close: (): void => reporter.close(),
  pluginChangeCount: (): number => pluginChangeCount,
  start: (): Promise<void> => reporter.start(),
  emit: ({ type, args = [] }: { type: string; args?: unknown[] }): void => room.emit(type, ...args),

  /** From now on the browser plays no element. */
  forbidPlay: (): void => {
    HTMLMediaElement.prototype.play = () =>
      Promise.reject(new DOMException('not now', 'NotAllowedError'));
  },

  /** @returns The code of what is thrown. */
  attachAt: (sampleRate: number): string | undefined => {
    try {
      attachReporter(room as unknown as Room, { audioContext: new AudioContext({ sampleRate }) });
    } catch (error) {
      return (error as { code?: string }).code;
    }
    return undefined;
  },

  /** The agent publishes its track anew. The application attaches it in a handler that comes after the reporter's. */
  async publishAnew(): Promise<void> {
    room.emit('trackUnsubscribed', track, {}, agent.participant);
    track = await agent.publish();
    const attachTrack = (): void => {
      element = track.attach();
      document.body.append(element);
    };
    room.on('trackSubscribed', attachTrack);
    room.emit('trackSubscribed', track, {}, agent.participant);
    room.off('trackSubscribed', attachTrack);
  },

  /** Another participant joins, with a track. */
  async joinPerson(): Promise<void> {
    const person = new FakeAgent(room);
    const theirs = await person.publish();
    theirs.attach();
    room.emit('trackSubscribed', theirs, {}, { ...person.participant, identity: 'person' });
    others.push(theirs);
  },
  others: () =>
    others.map((one) => one.attachedElements.map(({ volume, muted }) => ({ volume, muted }))),

  /** When a sample of a response sounds by the recording, near the reported instant. */
  async truthOf({ id, sample = 0, nearMs }: { id: string; sample?: number; nearMs?: number }) {
    const pcm = (sounds.get(id) as Int16Array).subarray(sample, sample + 0.2 * RATE_HZ);
    const offline = new OfflineAudioContext(1, pcm.length * 2, 48_000);
    const buffer = offline.createBuffer(1, pcm.length, RATE_HZ);
    buffer.getChannelData(0).set(Float32Array.from(pcm, (value) => value / 32_768));
    const source = new AudioBufferSourceNode(offline, { buffer });
    source.connect(offline.destination);
    source.start();
    const sound = (await offline.startRendering()).getChannelData(0);
    const reportedMs = reports.find((report) => report.responseId === id)?.startedAtMs ?? 0;
    return { ...truth.startOf(sound, nearMs ?? reportedMs), reportedMs };
  },
  loudest: ({ fromMs, toMs }: { fromMs: number; toMs: number }) => truth.loudest(fromMs, toMs),
  now: () => performance.now(),
};

document.body.append(document.createElement('button'));
Object.assign(globalThis, { fixture });

// A call from outside counts as a gesture of the user; this does not.
if (location.search === '?alone') void fixture.openPlain();
