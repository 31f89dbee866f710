import { voice } from '@livekit/agents';
import { synchronize } from './captions.ts';
import { ScriptedAgent, texts } from './scripted_agent.ts';
import { type SessionRun, startSession } from './session_harness.ts';

/** LiveKit's objects whose members Oncue uses. */
export type Place =
  | 'session'
  | 'activity'
  | 'queue'
  | 'agent'
  | 'hooks'
  | 'chat'
  | 'speech'
  | 'audio'
  | 'synchronizer'
  | 'text'
  | 'segment'
  | 'textData'
  | 'closed'
  | 'writer'
  | 'room io'
  | 'linked'
  | 'fan-out'
  | 'transcript';

/** Made, or made anew, while the session starts. */
const AFTER_START: readonly Place[] = [
  'activity',
  'queue',
  'segment',
  'textData',
  'closed',
  'writer',
];

export const SAID = 'alpha. beta.';

/** Gives an object of LiveKit, where a fault is then put. */
export type Spoil = (of: object) => void;

type Members = Readonly<Record<string, object>>;

/**
 * Starts a session with captions, as in a room, whose turns have two responses.
 *
 * @param when - `start`: before the session starts. `playing`: while its first response is heard.
 */
export async function startSpoilt(
  place: Place,
  when: 'start' | 'playing',
  spoil: Spoil,
): Promise<SessionRun> {
  const agent =
    place === 'hooks' || place === 'agent'
      ? createdAgent()
      : new ScriptedAgent(texts('alpha. ', 'beta.'));
  const isEarly = when === 'start';
  if (isEarly && place === 'session') spoil(voice.AgentSession.prototype);
  let captions: object = {};
  const run = await startSession({
    agent,
    beforeStart: (session) => {
      captions = prepareRoom(session);
      const spoilHere = (): void => {
        const target = placesIn(session, agent, captions)[place];
        if (target) spoil(target);
      };
      if (!isEarly) return;
      if (AFTER_START.includes(place))
        session.once(voice.AgentSessionEventTypes.AgentStateChanged, spoilHere);
      else if (place !== 'speech' && place !== 'session') spoilHere();
      session.prependListener(voice.AgentSessionEventTypes.SpeechCreated, ({ speechHandle }) => {
        if (place === 'speech') spoil(speechHandle);
      });
    },
  });
  if (isEarly) return run;
  run.oncue.on('response_playback_started', (event) => {
    const target = placesIn(run.session, agent, captions)[place];
    if (event.seq > 0 && run.started.length === 1 && target) spoil(target);
  });
  return run;
}

function createdAgent(): voice.Agent {
  return voice.Agent.create({
    instructions: '',
    llmNode: async function* (context) {
      if (!context.agent) throw new Error('no agent');
      yield 'alpha. ';
      yield 'beta.';
    },
  });
}

/** Puts before the output what LiveKit puts there in a room. */
function prepareRoom(session: voice.AgentSession): object {
  const transcript = {
    currentId: 'SG_1',
    createTextWriter: () => {},
    captureText: async () => transcript.createTextWriter(),
    flush: () => {},
  };
  const fanOut = {
    _sinks: [transcript],
    captureText: () => transcript.captureText(),
    flush: () => {},
    onAttached: () => {},
    onDetached: () => {},
  };
  const synchronizer = synchronize(session, fanOut);
  session._roomIO = {
    isParticipantAvailable: true,
    linkedParticipant: { identity: 'user' },
    transcriptionOutput: synchronizer.textOutput,
    close: async () => {},
  } as never;
  return synchronizer;
}

/** Each place as it is at that moment. */
function placesIn(session: voice.AgentSession, agent: voice.Agent, captions: object): Members {
  const at = (from: unknown, ...path: readonly string[]): object =>
    path.reduce<unknown>((object, name) => Reflect.get(object as object, name), from) as object;
  const activity: unknown = Reflect.get(session, 'activity');
  const segment = at(captions, '_impl');
  const fanOut = at(captions, 'textOutput', 'nextInChain');
  const isCreated = 'hookAdapter' in agent;
  return {
    session,
    ...(activity ? { activity: activity as object, queue: at(activity, 'speechQueue') } : {}),
    agent,
    ...(isCreated ? { hooks: at(agent, 'hookAdapter') } : {}),
    chat: at(agent, '_chatCtx'),
    audio: at(captions, 'audioOutput'),
    synchronizer: captions,
    text: at(captions, 'textOutput'),
    segment,
    textData: at(segment, 'textData'),
    closed: at(segment, 'closedFuture'),
    writer: at(segment, 'outputStreamWriter'),
    'room io': at(session, '_roomIO'),
    linked: at(session, '_roomIO', 'linkedParticipant'),
    'fan-out': fanOut,
    transcript: at(fanOut, '_sinks', '0'),
  };
}
