import { attachReporter } from '@oncue/browser/reporter';
import type { OncueEventOf } from '@oncue/core';
import { Room, RoomEvent, Track } from 'livekit-client';

const room = new Room();
const reporter = attachReporter(room); // all that Oncue needs in a page

reporter.on('state', (state) => show('reporter', state));
reporter.on('error', (error) => show('reporter', error.message));

room.on(RoomEvent.TrackSubscribed, (track) => {
  if (track.kind === Track.Kind.Audio) document.body.append(track.attach());
});
room.on(RoomEvent.ParticipantAttributesChanged, showAgent);
room.on(RoomEvent.Connected, showAgent);
// After an outage the state may have changed while the page was away.
room.on(RoomEvent.Reconnected, showAgent);

/** LiveKit publishes the agent's state as a participant attribute. */
function showAgent(): void {
  for (const { attributes } of room.remoteParticipants.values()) {
    const state = attributes['lk.agent.state'];
    if (state) show('agent', state);
  }
}

// Messages that this example's agent publishes itself: its tasks, and Oncue's events.
type AgentMessage =
  | { readonly type: 'task'; readonly text: string }
  | OncueEventOf<'response_playback_started'>
  | OncueEventOf<'response_playback_refined'>
  | OncueEventOf<'response_playback_finished'>;

room.on(RoomEvent.DataReceived, (data, _participant, _kind, topic) => {
  if (topic !== 'room_agent') return;
  const message = JSON.parse(new TextDecoder().decode(data)) as AgentMessage;
  switch (message.type) {
    case 'task':
      addLine('task', `task: ${message.text}`);
      break;
    // A better measurement of the same start replaces the first.
    case 'response_playback_started':
    case 'response_playback_refined':
      startResponse(message);
      break;
    case 'response_playback_finished':
      endResponse(message);
      break;
  }
});

// Captions come as they are heard.
room.registerTextStreamHandler('lk.transcription', (words, { identity }) => {
  if (identity !== room.localParticipant.identity) void addWords(words);
});

async function addWords(words: AsyncIterable<string>): Promise<void> {
  for await (const word of words) {
    const line = [...responses.values()].at(-1);
    // A word that a bad network brings after the end is in the heard text, if it was heard.
    if (line?.end.textContent === '') line.text.append(word);
  }
}

/** The page's line of each response, by response id. */
const responses = new Map<string, ResponseLine>();

interface ResponseLine {
  readonly text: Element;
  readonly start: Element;
  readonly end: Element;
}

function startResponse(
  of: OncueEventOf<'response_playback_started' | 'response_playback_refined'>,
): void {
  const { evidence, errorBoundMs } = of;
  lineOf(of).start.textContent = `, start known by ${evidence} to ±${Math.round(errorBoundMs)} ms`;
}

function endResponse(of: OncueEventOf<'response_playback_finished'>): void {
  const { heardText, outcome, heardMs } = of;
  const { text, end } = lineOf(of);
  text.textContent = heardText;
  end.textContent = `; ${outcome}, ${(heardMs / 1000).toFixed(1)} s`;
}

/** A response that began before this page was loaded has no line yet. */
function lineOf(of: { readonly responseId: string; readonly index: number }): ResponseLine {
  const known = responses.get(of.responseId);
  if (known) return known;
  const [text, note] = [document.createElement('span'), document.createElement('small')];
  const [start, end] = [document.createElement('span'), document.createElement('span')];
  note.append(`response ${of.index + 1}`, start, end);
  addLine('response', '').append(text, note);
  const line = { text, start, end };
  responses.set(of.responseId, line);
  return line;
}

function addLine(kind: string, content: string): HTMLElement {
  const line = document.createElement('li');
  line.className = kind;
  line.textContent = content;
  byId('heard').append(line);
  return line;
}

function show(id: string, content: string): void {
  byId(id).textContent = content;
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

byId('start').onclick = async () => {
  await reporter.start();
  byId('start').remove();
  // Typed text is answered without a microphone too.
  await room.localParticipant
    .setMicrophoneEnabled(true)
    .catch((error: Error) => addLine('user', `No microphone: ${error.message}`));
};
byId('ask').onsubmit = (event) => {
  event.preventDefault();
  const question = (byId('question') as HTMLInputElement).value;
  addLine('user', question);
  void room.localParticipant.sendText(question, { topic: 'lk.chat' });
};

const { url, token } = (await (await fetch('token')).json()) as { url: string; token: string };
await room.connect(url, token);
