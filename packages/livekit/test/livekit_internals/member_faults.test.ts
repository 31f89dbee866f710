import { readdirSync, readFileSync } from 'node:fs';
import { voice } from '@livekit/agents';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { InternalFact } from '../../src/livekit_internals/internal_fact.ts';
import { AUDIO_CHAIN } from '../../src/livekit_internals/output/audio_chain.ts';
import { CAPTION_START } from '../../src/livekit_internals/output/caption_start.ts';
import { NEXT_CAPTIONS } from '../../src/livekit_internals/output/next_captions.ts';
import { PIPELINE_WAIT } from '../../src/livekit_internals/output/pipeline_wait.ts';
import { ROOM_IO } from '../../src/livekit_internals/output/room_io.ts';
import { SEGMENT_IDS } from '../../src/livekit_internals/output/segment_ids.ts';
import { WRITTEN_CAPTIONS } from '../../src/livekit_internals/output/written_captions.ts';
import { AGENT_CHAT } from '../../src/livekit_internals/session/agent_chat.ts';
import { AGENT_NODES } from '../../src/livekit_internals/session/agent_nodes.ts';
import { AGENT_STATE } from '../../src/livekit_internals/session/agent_state.ts';
import { CREATED_AGENT } from '../../src/livekit_internals/session/created_agent.ts';
import { SESSION_ENDING } from '../../src/livekit_internals/session/session_ending.ts';
import { SESSION_STARTED } from '../../src/livekit_internals/session/session_started.ts';
import { SPEECH_FLOW } from '../../src/livekit_internals/session/speech_flow.ts';
import { USER_INTERRUPTS } from '../../src/livekit_internals/session/user_interrupts.ts';
import { synchronize } from '../support/captions.ts';
import { type Place, SAID, type Spoil, startSpoilt } from '../support/faulty_session.ts';
import { FAULTS, hideFromOncue, throwForOncue } from '../support/hide_member.ts';
import { ProbeOutput } from '../support/probe_output.ts';
import { type SessionRun, scripted } from '../support/session_harness.ts';
import { levelOf, ToneTTS } from '../support/tone_tts.ts';
import { captureWarnings, type Warning } from '../support/warnings.ts';

// Every private member of LiveKit that Oncue uses is spoilt, for Oncue only, in a real session: it is absent, throws when it
// is read, is of another type, or throws when Oncue calls it. The agent must say all of both responses each time.

/** A member. Without `facts` nothing is lost, or not for every fault: then one warning at most. */
interface Member {
  readonly place: Place;
  readonly member: string;
  readonly facts: readonly InternalFact[];
}

function member(place: Place, name: string, ...facts: readonly InternalFact[]): Member {
  return { place, member: name, facts };
}

const MEMBERS: readonly Member[] = [
  member('session', '_updateAgentState', AGENT_STATE),
  member('session', '_started', SESSION_STARTED),
  member('session', '_closing', SESSION_ENDING),
  member('session', '_roomIO'),
  member('session', 'activity'),
  member('session', 'nextActivity'),
  member('agent', '_agentActivity'),
  member('activity', 'currentSpeech'),
  member('activity', 'speechQueue'),
  member('queue', 'toArray'),
  member('activity', 'audioRecognition'),
  member('activity', 'isInterruptionDetectionEnabled'),
  member('activity', 'interruptByAudioActivity', USER_INTERRUPTS),
  member('activity', 'cancelSpeechPause', USER_INTERRUPTS),
  member('activity', 'userTurnCompleted', USER_INTERRUPTS),
  member('activity', 'onInputSpeechStarted', USER_INTERRUPTS),
  member('activity', 'schedulingPaused', SESSION_ENDING),
  member('agent', '_chatCtx', AGENT_CHAT),
  member('chat', 'getById', AGENT_CHAT),
  member('chat', 'remove', AGENT_CHAT),
  member('agent', 'hookAdapter', CREATED_AGENT),
  member('hooks', 'hooks', CREATED_AGENT),
  member('hooks', 'context', CREATED_AGENT),
  member('agent', 'llmNode', AGENT_NODES),
  member('agent', 'ttsNode', AGENT_NODES),
  member('agent', 'transcriptionNode', AGENT_NODES),
  member('agent', 'realtimeAudioOutputNode', AGENT_NODES),
  member('speech', '_agentTurnContext'),
  member('speech', 'id', SPEECH_FLOW),
  member('speech', 'interrupted', SPEECH_FLOW),
  member('speech', 'done', SPEECH_FLOW),
  member('speech', 'interrupt', SPEECH_FLOW),
  member('speech', 'addDoneCallback', SPEECH_FLOW),
  member('speech', 'scheduled'),
  member('audio', 'nextInChain', AUDIO_CHAIN),
  member('audio', 'synchronizer', WRITTEN_CAPTIONS, CAPTION_START),
  member('audio', 'pendingPlayoutSegments'),
  member('audio', 'onPlaybackStarted', CAPTION_START),
  member('audio', 'onPlaybackFinished', CAPTION_START),
  member('audio', 'pause', CAPTION_START),
  member('audio', 'resume', CAPTION_START),
  member('audio', 'pushedDuration', NEXT_CAPTIONS),
  member('audio', 'waitForPlayout', PIPELINE_WAIT),
  member('synchronizer', '_impl', CAPTION_START),
  member('synchronizer', 'audioOutput'),
  member('synchronizer', 'enabled', CAPTION_START),
  member('synchronizer', 'outputsAttached', CAPTION_START),
  member('synchronizer', 'textOutput', CAPTION_START),
  member('synchronizer', '_pendingRotatedSegments'),
  member('synchronizer', 'options', NEXT_CAPTIONS),
  member('synchronizer', '_paused', NEXT_CAPTIONS),
  member('synchronizer', 'rotateSegment', NEXT_CAPTIONS),
  member('synchronizer', '_onAttachmentChanged', WRITTEN_CAPTIONS),
  member('text', 'captureText', CAPTION_START),
  member('text', 'nextInChain', CAPTION_START, SEGMENT_IDS),
  member('segment', 'seedFromPushAudio', CAPTION_START),
  member('segment', 'synchronizedTranscript', CAPTION_START),
  member('segment', 'textData', CAPTION_START),
  member('textData', 'pushedText', CAPTION_START),
  member('segment', 'closedFuture', CAPTION_START),
  member('closed', 'done', CAPTION_START),
  member('closed', 'await', CAPTION_START),
  member('segment', 'outputStreamWriter', CAPTION_START),
  member('writer', 'write', CAPTION_START),
  member('segment', 'sleepIfNotClosed', CAPTION_START),
  member('segment', 'captureTask', CAPTION_START),
  member('segment', 'markPlaybackFinished', CAPTION_START),
  member('segment', 'pause', CAPTION_START),
  member('segment', 'resume', CAPTION_START),
  member('segment', 'close', CAPTION_START),
  member('segment', 'constructor'),
  member('room io', 'isParticipantAvailable', ROOM_IO),
  member('room io', 'linkedParticipant'),
  member('linked', 'identity'),
  member('room io', 'transcriptionOutput'),
  member('fan-out', '_sinks', SEGMENT_IDS),
  member('transcript', 'currentId', SEGMENT_IDS),
  member('transcript', 'createTextWriter', SEGMENT_IDS),
];

/** Those that Oncue calls itself. Others it only replaces, and LiveKit calls what was there through it. */
const CALLED: readonly Member[] = [
  member('session', '_updateAgentState'),
  member('speech', 'addDoneCallback'),
  member('speech', 'done'),
  member('chat', 'getById'),
  member('chat', 'remove'),
  member('synchronizer', '_onAttachmentChanged'),
  member('segment', 'constructor'),
  member('segment', 'markPlaybackFinished'),
  member('segment', 'pause'),
  member('segment', 'resume'),
  member('segment', 'close'),
];

/** Of public types, or of Oncue's own too. */
const OWN_NAMES = [
  'synchronizedTranscript',
  'currentSpeech',
  'textOutput',
  'captureText',
  'nextInChain',
  'onPlaybackStarted',
  'onPlaybackFinished',
  'waitForPlayout',
  'getById',
  'llmNode',
  'ttsNode',
  'transcriptionNode',
  'realtimeAudioOutputNode',
  'addDoneCallback',
];

afterEach(() => {
  vi.restoreAllMocks();
});

/** What LiveKit keeps of the turn without Oncue. */
let plainHistory: readonly unknown[] = [];

beforeAll(async () => {
  const session = new voice.AgentSession({
    vad: null,
    tts: new ToneTTS(),
    llm: scripted(() => SAID),
  });
  session.output.audio = new ProbeOutput().playAtOnce();
  synchronize(session);
  await session.start({ agent: new voice.Agent({ instructions: '' }) });
  await session.generateReply({ userInput: 'hi' }).waitForPlayout();
  plainHistory = historyOf(session);
  await session.close();
});

function historyOf(session: voice.AgentSession): readonly unknown[] {
  return session.history.items.flatMap((item) =>
    item.type === 'message' ? [[item.role, item.textContent, item.interrupted]] : [],
  );
}

const SAMPLES_A_WORD = 1600;

async function expectSpoken(
  place: Place,
  when: 'start' | 'playing',
  spoil: Spoil,
  { turns = 1 }: { readonly turns?: number } = {},
): Promise<readonly Warning[]> {
  const warnings = captureWarnings();
  const run = await startSpoilt(place, when, spoil);
  for (let turn = 0; turn < turns; turn += 1) await run.reply();
  expectAll(run, turns);
  expect(historyOf(run.session)).toEqual(Array(turns).fill(plainHistory).flat());
  return warnings;
}

/** Each word of both responses sounded whole in each turn, and LiveKit waits for nothing more. */
function expectAll(run: SessionRun, turns: number): void {
  const samples = run.recorder.samples();
  for (const word of SAID.split(' ')) {
    const level = levelOf(word);
    expect(samples.filter((sample) => sample === level)).toHaveLength(turns * SAMPLES_A_WORD);
  }
  expect(run.errors).toEqual([]);
  expect(run.unfinishedSegments).toBe(0);
}

const named = (warnings: readonly Warning[]): readonly string[] =>
  warnings.map(({ code, fact, during }) => `${code} ${fact ?? during}`);

describe.each(FAULTS)('[LK9] a member of LiveKit that is missing: %s', (fault) => {
  it.each(MEMBERS)('[LK9] from the start: $place: $member', async ({ place, member, facts }) => {
    const warnings = await expectSpoken(place, 'start', (of) => hideFromOncue(of, member, fault));

    if (facts.length === 0) expect(named(warnings).length).toBeLessThanOrEqual(1);
    else expect(named(warnings)).toEqual(facts.map(({ name }) => `ONCUE_LIVEKIT_CHANGED ${name}`));
  });
});

describe.each(FAULTS)('[LK11] a member is missing while a response plays: %s', (fault) => {
  it.each(MEMBERS)('[LK11] in that turn and the next: $place: $member', async (of) => {
    const { place, member } = of;
    const warnings = await expectSpoken(
      place,
      'playing',
      (target) => hideFromOncue(target, member, fault),
      { turns: 2 },
    );

    expect(named(warnings)).toEqual([...new Set(named(warnings))]);
  });
});

describe('[LK11] a method of LiveKit that throws when Oncue calls it', () => {
  it.each(CALLED)('[LK11] from the start: $place: $member', async ({ place, member }) => {
    await expectSpoken(place, 'start', (of) => throwForOncue(of, member));
  });

  it.each(CALLED)('[LK11] while a response plays: $place: $member', async ({ place, member }) => {
    await expectSpoken(place, 'playing', (of) => throwForOncue(of, member));
  });
});

it('[LK9] each member that livekit_internals reads by its name is spoilt in these tests', () => {
  const folder = new URL('../../src/livekit_internals/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const source = files
    .filter((file) => file.endsWith('.ts') && file !== 'members.ts')
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
  const read = [
    ...source.matchAll(/memberOf\([^')]+'(\w+)'\)/g),
    ...source.matchAll(/\b(\w+): '(?:function|boolean|number|string|object|promise|any|\w+\?)'/g),
    ...source.matchAll(/^ {2}'(\w+)',$/gm),
    ...source.matchAll(/[.{,] ?(_\w+)\b/g),
  ].map(([, name]) => name);

  const spoilt = new Set(MEMBERS.map(({ member }) => member));
  // Of types that LiveKit exports, and LiveKit's own classes.
  const isPublic = [
    'text',
    'interrupted',
    'flush',
    'agent',
    'on',
    'currentAgent',
    'speechHandle',
    'allowInterruptions',
    'userdata',
  ];
  expect(
    [...new Set(read)].filter((name) => name && !spoilt.has(name) && !isPublic.includes(name)),
  ).toEqual([]);
});

/** Names that only LiveKit's private members have. `_recognize` is there for subclasses to override. */
const PRIVATE = MEMBERS.map(({ member }) => member).filter(
  (name) => name.startsWith('_') || (/[A-Z]/.test(name) && !OWN_NAMES.includes(name)),
);

it('[LK9] no private member of LiveKit is used outside livekit_internals', () => {
  const packages = new URL('../../../', import.meta.url);
  const used = ['livekit', 'otel', 'studio', 'embedded'].flatMap((name) => {
    const folder = new URL(`${name}/src/`, packages);
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('livekit_internals/'))
      .map((file) => ({ file, code: codeOf(readFileSync(new URL(file, folder), 'utf8')) }));
  });

  const found = used.flatMap(({ file, code }) =>
    [...PRIVATE, '_(?!recognize\\b)\\w+']
      .filter((member) => new RegExp(`[.{'] ?${member}\\b`).test(code))
      .map((member) => `${file}: ${member}`),
  );

  expect(found).toEqual([]);
});

function codeOf(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
}
