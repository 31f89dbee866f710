import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { initializeLogger } from '@livekit/agents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StudioProcess } from '../../../tests/support/studio_process.ts';
import { speakInto } from './support/microphone.ts';

initializeLogger({ pretty: false, level: 'silent' });

// Inside the repository, so that the agent's imports resolve.
const CACHE = path.resolve('node_modules', '.cache');

/** An agent whose session has no speech recognition, whatever is installed on this machine. */
const AGENT = `
import { voice } from '@livekit/agents';
import { currentTurn } from '@oncue/livekit';

const STORY = 'There was a lighthouse. Its keeper counted ships. He counted them every night, in a red book. ';

export function createAgent() {
  return voice.Agent.create({
    instructions: 'You tell a story, or say yes.',
    llmNode: async function* (_context, chatCtx) {
      currentTurn().begin();
      yield String(chatCtx.items.at(-1)?.textContent).includes('story') ? STORY.repeat(3) : 'Yes.';
    },
  });
}

export function createSession({ stt, ...options }) {
  const { turnHandling } = options;
  const endpointing = { minDelay: 0, maxDelay: 0 };
  return new voice.AgentSession({ ...options, turnHandling: { ...turnHandling, endpointing } });
}
`;

let folder: string;
let studio: StudioProcess;

beforeAll(async () => {
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(path.join(CACHE, 'voice-'));
  writeFileSync(path.join(folder, 'agent.ts'), AGENT);
  studio = await StudioProcess.start(path.join(folder, 'agent.ts'));
});

afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true });
});

async function speakToAgent(text: string): Promise<void> {
  const close = await speakInto(studio.url, text);
  await studio.fact(({ type }) => type === 'response_playback_finished');
  close();
}

it('[ST9] without recognition a voice interrupts the agent, and the agent does not answer it', async () => {
  studio.send({ type: 'ask', text: 'Tell me a story' });
  await studio.fact(({ type }) => type === 'response_playback_started');

  await speakToAgent('Wait, stop, please stop there.');

  const cut = await studio.fact(({ type }) => type === 'response_playback_finished');
  expect(cut).toMatchObject({ outcome: 'cut', cutBy: 'user_speech' });

  // The user's turn is over; an answer to it would have opened a turn before this question does.
  await studio.fact(
    ({ type, state, atMs }) =>
      type === 'user_state' && state === 'listening' && Number(atMs) > Number(cut['atMs']),
  );
  studio.send({ type: 'ask', text: 'Are you there?' });
  await studio.fact(({ outcome }) => outcome === 'heard');

  expect(studio.facts.filter(({ type }) => type === 'turn_opened')).toHaveLength(2);
  expect(studio.facts.filter(({ type }) => type === 'user_said')).toMatchObject([
    { text: 'Tell me a story', by: 'typing' },
    { text: 'Are you there?', by: 'typing' },
  ]);
});
