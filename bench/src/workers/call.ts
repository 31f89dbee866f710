import { setTimeout as delay } from 'node:timers/promises';
import { type RemoteParticipant, Room, RoomEvent } from '@livekit/rtc-node';
import { joinToken, type LivekitServer } from '@oncue/testbed';
import { startListener } from '../shared/listener.ts';
import { type AgentNote, EVENTS_TOPIC, LISTENER } from './agent_notes.ts';

/** Something that was seen in a room, and when: ms since the call began. */
export interface Seen {
  readonly atMs: number;
  readonly what: string;
}

const WATCHER = 'watcher';
const LOOK_EVERY_MS = 50;

/** A call: a room with a listener that reports, and somebody who watches what comes and goes. */
export class Call {
  readonly name: string;
  readonly seen: Seen[] = [];
  /** Of the agent that the last note came from. */
  agentPid: number | undefined;
  readonly #room = new Room();
  readonly #fromMs = performance.now();
  #listener: { disconnect(): void } | undefined;

  private constructor(name: string) {
    this.name = name;
  }

  /** LiveKit sends an agent to the room when it is made. */
  static async begin(server: LivekitServer, name: string): Promise<Call> {
    const call = new Call(name);
    const decoder = new TextDecoder();
    call.#room.registerTextStreamHandler('lk.transcription', () => {});
    call.#room.registerByteStreamHandler('lk.agent.session', () => {});
    call.#room
      .on(RoomEvent.DataReceived, (data, _from, _kind, topic) => {
        if (topic === EVENTS_TOPIC) call.#take(JSON.parse(decoder.decode(data)) as AgentNote);
      })
      .on(RoomEvent.ParticipantConnected, (one) => call.#noteAgent(one, 'joined'))
      .on(RoomEvent.ParticipantDisconnected, (one) => call.#noteAgent(one, 'left'))
      .on(RoomEvent.Reconnecting, () => call.note('the connection of the call is lost'))
      .on(RoomEvent.Reconnected, () => call.note('the connection of the call is back'))
      .on(RoomEvent.Disconnected, () => call.note('the call is over'));
    call.#listener = await startListener(server, name, LISTENER);
    const token = await joinToken(server, { room: name, identity: WATCHER });
    await call.#room.connect(server.url, token, { autoSubscribe: false, dynacast: false });
    return call;
  }

  note(what: string): void {
    this.seen.push({ atMs: performance.now() - this.#fromMs, what });
  }

  /** @returns Whether it was seen in time. @param times - how often in all. */
  async until(what: RegExp, withinMs: number, times: number = 1): Promise<boolean> {
    const endMs = performance.now() + withinMs;
    while (performance.now() < endMs) {
      if (this.seen.filter((one) => what.test(one.what)).length >= times) return true;
      await delay(LOOK_EVERY_MS);
    }
    return false;
  }

  async end(): Promise<void> {
    this.#listener?.disconnect();
    if (this.#room.isConnected) await this.#room.disconnect();
  }

  #take(note: AgentNote): void {
    this.agentPid = note.pid;
    if (note.what === 'started') this.note(`heard, known by ${note.evidence}`);
    else if (note.what === 'skipped') this.note(`skipped: ${note.reason}`);
    else this.note(`${note.outcome} to its end, known by ${note.evidence}`);
  }

  #noteAgent({ identity }: RemoteParticipant, what: string): void {
    if (identity !== LISTENER) this.note(`agent ${what}`);
  }
}
