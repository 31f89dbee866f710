// Pages that send far too much: what of it is kept.
import { initializeLogger, voice } from '@livekit/agents';
import { FliteTTS, ScriptedLLM } from '@oncue/embedded';
import { expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { SocketPath } from '../src/server/studio_server.ts';
import { SessionRun } from '../src/session_run.ts';
import { MAX_MIC_BYTES, MicInput } from '../src/speech/mic_input.ts';
import { closeCode, openSocket, startServer } from './support/page_requests.ts';

const FLOODS = 40;
const SOON = { timeout: 30_000, interval: 20 };
/** 100 frames of a busy session and the silence after them, each of 20 ms, and what is being read. */
const MOST_MIC_FRAMES = 100 + 40 + 2;

initializeLogger({ pretty: false, level: 'silent' });

/** A run whose agent says one sentence, and the trace lines that it has written so far. */
async function startRun(): Promise<{ run: SessionRun; lines: string[] }> {
  const lines: string[] = [];
  const voiceParts = {
    llm: new ScriptedLLM({ script: () => 'The museum opens at ten.' }),
    tts: new FliteTTS(),
    vad: null,
  };
  const run = await SessionRun.start({
    module: {
      createAgent: () => new voice.Agent({ instructions: '' }),
      createSession: () => new voice.AgentSession(voiceParts),
    },
    parts: { options: {}, capabilities: [], hasModel: false, failureText: () => '' },
    onLine: (line) => lines.push(line),
    onError: () => {},
  });
  onTestFinished(async () => {
    await run.close();
    await voiceParts.tts.close();
  });
  return { run, lines };
}

it.each<[SocketPath, number, number]>([
  ['/studio', 60, 16],
  ['/listen', 400, 16],
  ['/mic', 300, 4],
])(
  '[ST31] of sockets of %s that flood one after the other nothing stays, and each place is free again',
  async (path, burst, places) => {
    let openCount = 0;
    let seenCount = 0;
    const server = await startServer((_, socket) => {
      openCount += 1;
      socket.on('message', () => {
        seenCount += 1;
      });
      socket.on('close', () => {
        openCount -= 1;
      });
    });
    onTestFinished(() => server.close());
    const opened = async (): Promise<WebSocket> => {
      const socket = await openSocket(server, path);
      if (typeof socket === 'string') throw new Error(socket);
      return socket;
    };

    for (let flood = 0; flood < FLOODS; flood += 1) {
      const socket = await opened();
      for (let sent = 0; sent < burst + 200; sent += 1) socket.send('{}');
      expect(await closeCode(socket)).toBe(1006);
    }
    await vi.waitFor(() => expect(openCount).toBe(0), SOON);
    expect(seenCount).toBe(FLOODS * (burst + 1));

    const sockets = [];
    for (let place = 0; place < places; place += 1) sockets.push(await opened());
    expect(openCount).toBe(places);
    expect(sockets.every(({ readyState }) => readyState === WebSocket.OPEN)).toBe(true);
  },
);

it('[ST31] measurements fill no trace: one is written for each response, and none for what is none', async () => {
  const { run, lines } = await startRun();
  const ofKind = (kind: string): string[] => lines.filter((line) => line.includes(`"${kind}"`));
  run.ask('When does it open?');
  await vi.waitFor(() => expect(ofKind('response_declared')).toHaveLength(1), SOON);
  const { event } = JSON.parse(ofKind('response_declared')[0] ?? '') as {
    event: { responseId: string };
  };

  for (let sent = 0; sent < 5000; sent += 1) {
    run.takeTruth({ type: 'truth', responseId: event.responseId, soundedAtEpochMs: sent });
    run.takeTruth({ type: 'truth', responseId: `response_${sent}`, soundedAtEpochMs: sent });
  }

  expect(ofKind('listener_truth')).toHaveLength(1);
});

it('[ST31] a run that is asked to listen to page after page, each with a flood, writes their counts only', async () => {
  const { run, lines } = await startRun();
  const before = lines.length;
  let terminatedCount = 0;
  for (let page = 0; page < FLOODS; page += 1) {
    let say = (_: { readonly data: unknown }): void => {};
    run.addListener({
      bufferedAmount: 0,
      send: () => {},
      close: () => {},
      terminate: () => {
        terminatedCount += 1;
      },
      addEventListener: (type: string, listener: typeof say) => {
        if (type === 'message') say = listener;
      },
    });
    for (let sent = 0; sent < 5000; sent += 1) say({ data: '{"v":1' });
  }

  expect(terminatedCount).toBe(FLOODS);
  // Of 200,000 messages. A line a second for each reason, so a machine that stands still may add some.
  expect(lines.length - before).toBeLessThan(100);
});

it('[ST31] microphones that come and go leave at most one queue of audio', async () => {
  const mic = new MicInput();
  const loud = new Uint8Array(MAX_MIC_BYTES).fill(1);
  for (let sent = 0; sent < 200; sent += 1) {
    expect(mic.push(loud)).toBe(true);
    mic.end();
  }

  const reader = mic.stream.getReader();
  let frameCount = 0;
  const reading = (async () => {
    while (!(await reader.read()).done) frameCount += 1;
  })();
  await new Promise((resolve) => setImmediate(resolve));
  let before = -1;
  while (before !== frameCount) {
    before = frameCount;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await mic.close();
  await reading;
  expect(frameCount).toBeGreaterThan(0);
  expect(frameCount).toBeLessThanOrEqual(MOST_MIC_FRAMES);
});
