// An agent in a process of its own, which tests stop, block and kill. One line of JSON a command and a fact.
import { createInterface } from 'node:readline';
import { initializeLogger, voice } from '@livekit/agents';
import { ScriptedLLM } from '@oncue/embedded';
import { WebSocketServer } from 'ws';
import {
  type AgentTurn,
  attachOncue,
  OncueAgent,
  type OncueSession,
  SocketListener,
} from '../../src/index.ts';
import { ToneTTS } from '../../test/support/tone_tts.ts';
import type { Command, Fact } from './agent_facts.ts';

/** A word is 100 ms of sound. */
const WORDS = 40;
const SESSIONS = 2;
const TASK_MS = 60_000;
const CLOSE_DEADLINE_MS = 500;
const TICK_MS = 20;

initializeLogger({ pretty: false, level: 'silent' });

const tell = (fact: Fact): void => {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
};

class Talker extends OncueAgent {
  readonly #place: number;

  constructor(place: number) {
    super({ instructions: '' });
    this.#place = place;
  }

  protected override async *respond(turn: AgentTurn): AsyncGenerator<string> {
    for (const part of [0, 1]) {
      if (part === 1) turn.queueAgentState('thinking');
      turn.begin({
        onPlaybackStarted: async ({ responseId }) => {
          tell({ type: 'task', session: this.#place, responseId });
          // Runs until it is aborted, so that `close` has something to wait for.
          if (longTasks) await new Promise((resolve) => setTimeout(resolve, TASK_MS).unref());
        },
      });
      yield Array.from({ length: WORDS }, (_, n) => `word${n} `).join('');
    }
  }
}

interface Running {
  readonly session: voice.AgentSession;
  readonly oncue: OncueSession;
  readonly listener: SocketListener;
}

let longTasks = false;
const running: Running[] = [];

async function startOne(place: number): Promise<void> {
  const session = new voice.AgentSession({
    vad: null,
    llm: new ScriptedLLM({ script: [] }),
    tts: new ToneTTS(),
  });
  const listener = new SocketListener({
    sampleRateHz: 16_000,
    awayAfterMs: Number(process.argv[2]),
    onPresence: (isListening) => tell({ type: 'presence', session: place, isListening }),
  });
  const oncue = attachOncue(session, { listener, closeDeadlineMs: CLOSE_DEADLINE_MS });
  oncue.onAny((event) => tell({ type: 'event', session: place, event }));
  session.on(voice.AgentSessionEventTypes.AgentStateChanged, ({ newState }) =>
    tell({ type: 'state', session: place, state: newState }),
  );
  running.push({ session, oncue, listener });
  await session.start({ agent: new Talker(place) });
}

let server: WebSocketServer;

function serve(onPort: number): void {
  server = new WebSocketServer({ port: onPort, host: '127.0.0.1' });
  server.on('connection', (socket, { url }) =>
    running[Number(url?.slice(1))]?.listener.attachSocket(socket),
  );
  // The process that had the port may not have ended yet.
  server.on('error', () => setTimeout(() => serve(onPort), 50));
  server.on('listening', () => {
    const address = server.address();
    if (typeof address === 'object' && address) tell({ type: 'listening', port: address.port });
  });
}

async function obey(command: Command): Promise<void> {
  switch (command.type) {
    case 'ask': {
      longTasks = command.longTasks ?? false;
      const one = running[command.session ?? 0];
      await one?.session.generateReply({ userInput: 'Well?' }).waitForPlayout();
      tell({ type: 'said', session: command.session ?? 0 });
      return;
    }
    case 'serve':
      serve(command.port);
      return;
    case 'block': {
      const untilMs = performance.now() + command.ms;
      while (performance.now() < untilMs);
      tell({ type: 'unblocked' });
      return;
    }
    case 'server_gone': {
      const onPort = (server.address() as { port: number }).port;
      for (const socket of server.clients) socket.terminate();
      server.close();
      setTimeout(() => serve(onPort), command.ms);
      return;
    }
    case 'jump': {
      const now = Date.now;
      Date.now = () => now() + command.byMs;
      return;
    }
    case 'close': {
      const startedAtMs = performance.now();
      const machine = watchMachine();
      await running[0]?.session.close();
      await running[0]?.oncue.close();
      const tookMs = performance.now() - startedAtMs;
      tell({ type: 'closed', tookMs, ofThatLateMs: machine.lateMs() });
    }
  }
}

/** For how long the machine did not let this process run when it wanted to. */
function watchMachine(): { lateMs: () => number } {
  let lateMs = 0;
  let dueMs = performance.now() + TICK_MS;
  const timer = setInterval(() => {
    lateMs += Math.max(0, performance.now() - dueMs);
    dueMs = performance.now() + TICK_MS;
  }, TICK_MS);
  return {
    lateMs: () => {
      clearInterval(timer);
      return lateMs;
    },
  };
}

for (let place = 0; place < SESSIONS; place += 1) await startOne(place);
tell({ type: 'ready', epochAtZeroMs: performance.timeOrigin });
for await (const line of createInterface(process.stdin)) void obey(JSON.parse(line) as Command);
process.exit(0);
