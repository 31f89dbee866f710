import { attachReporter } from '@oncue/browser/reporter';
import type { OncueEventOf } from '@oncue/core';
import { Room, RoomEvent, Track } from 'livekit-client';

const room = new Room();
const reporter = attachReporter(room); // all that Oncue asks of a page

reporter.on('state', (state) => show('reporter', state));
reporter.on('error', (error) => show('reporter', error.message));

room.on(RoomEvent.TrackSubscribed, (track) => {
  if (track.kind === Track.Kind.Audio) document.body.append(track.attach());
});
room.on(RoomEvent.ParticipantAttributesChanged, (changed) => {
  const state = changed['lk.agent.state'];
  if (state) show('agent', state);
});

// What this agent tells of its own: its tasks, and Oncue's events.
type Told =
  | { readonly type: 'task'; readonly text: string }
  | OncueEventOf<'response_playback_started'>
  | OncueEventOf<'response_playback_finished'>;

room.on(RoomEvent.DataReceived, (data, _participant, _kind, topic) => {
  if (topic !== 'room_agent') return;
  const told = JSON.parse(new TextDecoder().decode(data)) as Told;
  switch (told.type) {
    case 'task':
      addLine('task', `task: ${told.text}`);
      break;
    case 'response_playback_started':
      addResponse(told);
      break;
    case 'response_playback_finished':
      endResponse(told);
      break;
  }
});

// Captions come as they are heard.
room.registerTextStreamHandler('lk.transcription', (words, { identity }) => {
  if (identity !== room.localParticipant.identity) void addWords(words);
});

async function addWords(words: AsyncIterable<string>): Promise<void> {
  for await (const word of words) text().append(word);
}

function addResponse({
  index,
  evidence,
  errorBoundMs,
}: OncueEventOf<'response_playback_started'>): void {
  const line = addLine('response', '');
  line.append(document.createElement('span'), document.createElement('small'));
  note().textContent = `response ${index + 1}, start known by ${evidence} to ±${Math.round(errorBoundMs)} ms`;
}

function endResponse({
  heardText,
  outcome,
  heardMs,
}: OncueEventOf<'response_playback_finished'>): void {
  text().textContent = heardText;
  note().append(`; ${outcome}, ${(heardMs / 1000).toFixed(1)} s`);
}

const text = (): Element => newest('span');
const note = (): Element => newest('small');
const newest = (name: string): Element =>
  [...document.querySelectorAll(`.response ${name}`)].at(-1) ?? document.createElement(name);

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
  await room.localParticipant.setMicrophoneEnabled(true);
  byId('start').remove();
};
byId('ask').onsubmit = (event) => {
  event.preventDefault();
  const question = (byId('question') as HTMLInputElement).value;
  addLine('user', question);
  void room.localParticipant.sendText(question, { topic: 'lk.chat' });
};

const { url, token } = (await (await fetch('token')).json()) as { url: string; token: string };
await room.connect(url, token);
