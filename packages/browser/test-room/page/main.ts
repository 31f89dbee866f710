import { attachReporter, type Reporter } from '@oncue/browser/reporter';
import {
  AGENT_TOPIC,
  type AgentMessage,
  messagesIn,
  type Playhead,
  parseAgentMessage,
} from '@oncue/core/wire';
import { LogLevel, Room, RoomEvent, setLogLevel, Track } from 'livekit-client';

// A page as an application has it: livekit-client, the agent's track in an element, and the reporter.

type AgentSaid = AgentMessage & { readonly from: string };

setLogLevel(LogLevel.error);

const reports: Playhead[] = [];
const said: AgentSaid[] = [];
const errors: string[] = [];
let room: Room | undefined;
let reporter: Reporter | undefined;

async function join(of: { readonly url: string; readonly token: string }): Promise<void> {
  room = new Room();
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind === Track.Kind.Audio) document.body.append(track.attach());
  });
  room.on(RoomEvent.DataReceived, (data, participant, _kind, topic) => {
    if (topic !== AGENT_TOPIC) return;
    for (const text of messagesIn(new TextDecoder().decode(data))) {
      const parsed = parseAgentMessage(text);
      if (parsed.ok) said.push({ ...parsed.message, from: participant?.identity ?? '' });
    }
  });
  reporter = attachReporter(room);
  reporter.on('report', (report) => reports.push(report));
  reporter.on('error', (error) => errors.push(error.message));
  await room.connect(of.url, of.token);
}

const view = (): object => ({
  state: reporter?.state,
  errors,
  reports,
  said,
  stats: reporter?.stats(),
});

/** As a system does that gives its sound to a call. */
const suspend = async (): Promise<void> => reporter?.context.suspend();
const resume = async (): Promise<void> => reporter?.context.resume();

Object.assign(globalThis, { fixture: { join, view, suspend, resume } });
