import { performance } from 'node:perf_hooks';
import { type RemoteParticipant, Room, RoomEvent } from '@livekit/rtc-node';
import { AGENT_TOPIC, LISTENER_TOPIC, messagesIn, parseAgentMessage } from '@oncue/core/wire';
import { AgentTracker } from '../../src/reporter/agent_tracker.ts';
import { FrameClock } from '../../src/reporter/frame_clock.ts';
import * as MAIL from '../../src/reporter/worklet/mail_layout.ts';
import type { ReporterCommand } from '../../src/reporter/worklet/reporter_commands.ts';
import type { PageMs } from '../../src/shared/page_clock.ts';

/** From the agent's queue to what is rendered, and from there to the ear, ms. */
const NETWORK_MS = 100;
const OUTPUT_MS = 40;

/** What a match is known by after its beginning was rendered. */
const FOUND_AFTER_MS = 170;

/** The worklet's mails come about so often. */
const MAIL_MS = 21;
const FRAMES_PER_MS = 48;

interface Sought {
  readonly searchId: number;
  readonly frame: number;
}

/**
 * A listener without a browser: the reporter of the page, with a search that knows the answer. It runs in a process of its
 * own, so that what it costs does not count for the agent.
 */
class Listener {
  readonly #tracker: AgentTracker;
  readonly #clock = new FrameClock();
  readonly #mail = new Float64Array(MAIL.length);
  readonly #agentAheadMs: number;
  /** When each piece leaves, by its sound. */
  readonly #leaves = new Map<string, number>();
  #sought: Sought[] = [];

  /** @param agentOriginMs - the agents' `performance.timeOrigin`. */
  constructor(room: Room, agent: RemoteParticipant, agentOriginMs: number) {
    this.#agentAheadMs = agentOriginMs - performance.timeOrigin;
    this.#tracker = new AgentTracker(this.#clock, {
      now: () => performance.now() as PageMs,
      send: (text, reliable) => {
        const options = {
          reliable,
          topic: LISTENER_TOPIC,
          destination_identities: [agent.identity],
        };
        // What cannot be sent is lost, as in a page.
        room.localParticipant?.publishData(new TextEncoder().encode(text), options).catch(() => {});
      },
      toWorklet: (command) => this.#obey(command),
      reported: () => {},
      begun: () => {},
    });
    setInterval(() => this.#render(), MAIL_MS);
    this.#tracker.setPlayedBy('graph');
  }

  take(packet: string): void {
    for (const text of messagesIn(packet)) {
      const parsed = parseAgentMessage(text);
      if (parsed.ok && parsed.message.type === 'fingerprint')
        this.#leaves.set(parsed.message.sound, parsed.message.leavesAtMs);
    }
    this.#tracker.take(packet);
  }

  #obey(command: ReporterCommand): void {
    if (command.type === 'cancel')
      this.#sought = this.#sought.filter(({ searchId }) => searchId !== command.searchId);
    if (command.type !== 'search') return;
    const { sound, searchId, fromFrame, toFrame } = command;
    const bytes = Buffer.from(sound.buffer, sound.byteOffset, sound.length);
    const leavesAtMs = this.#leaves.get(bytes.toString('base64')) ?? 0;
    const frame = (leavesAtMs + this.#agentAheadMs + NETWORK_MS) * FRAMES_PER_MS;
    const isThere = frame >= fromFrame && frame <= toFrame;
    this.#sought.push({ searchId, frame: isThere ? frame : Number.NaN });
  }

  #render(): void {
    const nowMs = performance.now();
    const frames = nowMs * FRAMES_PER_MS;
    this.#mail[MAIL.frames] = frames;
    for (const one of [...this.#sought]) {
      if (frames < one.frame + FOUND_AFTER_MS * FRAMES_PER_MS) continue;
      this.#sought = this.#sought.filter((other) => other !== one);
      const count = this.#mail[MAIL.findingCount] ?? 0;
      const place = MAIL.findings + (count % MAIL.findingsKept) * MAIL.findingFields;
      const found = Number.isNaN(one.frame) ? MAIL.notFound : MAIL.certain;
      this.#mail.set([one.searchId, one.frame || 0, 0.9, found], place);
      this.#mail[MAIL.findingCount] = count + 1;
    }
    const reading = { contextMs: nowMs - OUTPUT_MS, atMs: nowMs as PageMs, ageMs: 0 };
    this.#clock.add({ ...reading, extraBoundMs: 0 });
    this.#tracker.takeMail(this.#mail.slice());
  }
}

/** Joins a room, and reports if there is an agent with Oncue in it. Ends with its parent. */
async function listen(url: string, token: string, agentOriginMs: number): Promise<void> {
  const room = new Room();
  const listeners = new Map<string, Listener>();
  const decoder = new TextDecoder();
  room.registerTextStreamHandler('lk.transcription', () => {});
  room.registerByteStreamHandler('lk.agent.session', () => {});
  room.on(RoomEvent.DataReceived, (data, agent, _kind, topic) => {
    if (topic !== AGENT_TOPIC || !agent) return;
    const known = listeners.get(agent.identity) ?? new Listener(room, agent, agentOriginMs);
    listeners.set(agent.identity, known);
    known.take(decoder.decode(data));
  });
  process.on('disconnect', () => process.exit());
  await room.connect(url, token, { autoSubscribe: true, dynacast: false });
  process.send?.('joined');
}

const [url = '', token = '', agentOriginMs = ''] = process.argv.slice(2);
await listen(url, token, Number(agentOriginMs));
