import path from 'node:path';
import type { AgentMs } from '@oncue/core';
import { RateLimit } from '@oncue/core/wire';
import type { WebSocket } from 'ws';
import { filesOfFailure, loadAgentFile } from './agent/agent_file.ts';
import { readAgentModule, type StudioAgentModule } from './agent/agent_module.ts';
import { DemoAgent } from './agent/demo_agent.ts';
import { DEMO_SCENARIOS } from './agent/demo_scenarios.ts';
import { watchFiles } from './agent/watch_files.ts';
import { describeError } from './error_text.ts';
import {
  type AgentError,
  encodeControl,
  type PageMessage,
  parsePageMessage,
  type RunInfo,
  type ServerMessage,
} from './protocol/control_messages.ts';
import { OpenPages, traceMessages } from './server/open_pages.ts';
import { loadPageFiles } from './server/page_files.ts';
import { type SocketPath, StudioServer } from './server/studio_server.ts';
import { SessionRun } from './session_run.ts';
import { chooseSpeechParts, type SpeechParts } from './speech/speech_parts.ts';
import { originsOf, type RoomServer } from './studio_room.ts';

/** The options of a studio. */
export interface StudioOptions {
  /** The user's agent file. Default: the demo agent. */
  readonly agentFile?: string;
  /** Default 4610; 0 for any free port. */
  readonly port?: number;
  /** The LiveKit server whose room the agent and the pages join. Default: pages use a socket of the studio. */
  readonly room?: RoomServer;
  /** The variables that may name an OpenAI-compatible server. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with each error of the agent, for a terminal. */
  readonly onError?: (error: AgentError) => void;
}

/** The default port; no well-known service uses it. */
const DEFAULT_PORT = 4610;

/** How often new lines, or else the agent's clock, are sent to the pages. */
const SEND_INTERVAL_MS = 40;

/** What the pages together may ask, interrupt and restart a second, and at once. A person does less with all of them. */
const ACTS_PER_SECOND = 5;
const ACTS_AT_ONCE = 30;

/** A running studio: it serves the page and runs one agent at a time. */
export class Studio {
  readonly #options: StudioOptions;
  readonly #pages = new OpenPages();
  readonly #parts: SpeechParts;
  #server: StudioServer | undefined;
  #run: SessionRun | undefined;
  #info: RunInfo;
  #unsent: string[] = [];
  #restarting: Promise<void> = Promise.resolve();
  /** A restart that has not begun yet. It serves everyone who asks for one meanwhile. */
  #nextRestart: Promise<void> | undefined;
  readonly #acts = new RateLimit(ACTS_PER_SECOND, ACTS_AT_ONCE);
  #stopWatching: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(options: StudioOptions, parts: SpeechParts) {
    this.#options = options;
    this.#parts = parts;
    this.#info = {
      run: 0,
      agentName: options.agentFile ? path.basename(options.agentFile) : 'demo agent',
      error: null,
      scenarios: [],
      capabilities: parts.capabilities,
      isInRoom: options.room !== undefined,
    };
  }

  /** @throws The error of the page's build or of `listen`. An error of the agent is shown in the page instead. */
  static async start(options: StudioOptions = {}): Promise<Studio> {
    const [files, parts] = await Promise.all([
      loadPageFiles(),
      chooseSpeechParts(options.env ?? process.env),
    ]);
    const studio = new Studio(options, parts);
    studio.#server = await StudioServer.start({
      files,
      allowedOrigins: options.room ? originsOf(options.room) : [],
      port: options.port ?? DEFAULT_PORT,
      onSocket: (path, socket) => studio.#connect(path, socket),
    });
    studio.#timer = setInterval(() => studio.#sendLines(), SEND_INTERVAL_MS);
    await studio.restart();
    return studio;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** Ends the run and begins a new one. Loads the agent's file again. Restarts run one after another. */
  restart(): Promise<void> {
    this.#nextRestart ??= this.#restarting.then(() => {
      this.#nextRestart = undefined;
      return this.#restart();
    });
    this.#restarting = this.#nextRestart;
    return this.#restarting;
  }

  /** Shows an uncaught error, which is most likely the agent's. */
  reportError(error: unknown): void {
    this.#fail('run', error);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#stopWatching?.();
    await this.#restarting;
    await this.#run?.close();
    await this.#server?.close();
  }

  async #restart(): Promise<void> {
    if (this.#closed) return;
    this.#stopWatching?.();
    const old = this.#run;
    this.#run = undefined;
    this.#unsent = [];
    await old?.close();
    this.#info = { ...this.#info, run: this.#info.run + 1, error: null, scenarios: [] };
    let phase: AgentError['phase'] = 'load';
    try {
      const module = await this.#loadModule();
      this.#info = { ...this.#info, scenarios: module.scenarios ?? [] };
      phase = 'start';
      this.#run = await this.#startRun(module);
    } catch (error) {
      this.#setError(phase, error);
    }
    this.#pages.send(this.#runMessage(true));
    this.#sendTrace();
  }

  async #startRun(module: StudioAgentModule): Promise<SessionRun> {
    const { run } = this.#info;
    return await SessionRun.start({
      module,
      parts: this.#parts,
      room: this.#options.room,
      onLine: (line) => {
        if (run === this.#info.run) this.#unsent.push(line);
      },
      onError: (error) => {
        if (run === this.#info.run) this.#fail('run', error);
      },
    });
  }

  async #loadModule(): Promise<StudioAgentModule> {
    const { agentFile } = this.#options;
    if (!agentFile) {
      const { hasModel } = this.#parts;
      return {
        createAgent: () => new DemoAgent({ hasModel }),
        scenarios: DEMO_SCENARIOS.filter(({ isForRooms }) => !isForRooms || this.#options.room).map(
          ({ name, title, ask }) => ({ name, title, ask }),
        ),
      };
    }
    try {
      const { exported, files } = await loadAgentFile(agentFile);
      this.#watch(files);
      return readAgentModule(exported);
    } catch (error) {
      // A file that failed to load is watched too, because the next change may repair it.
      if (!this.#stopWatching) this.#watch(filesOfFailure(error, agentFile));
      throw error;
    }
  }

  #watch(files: readonly string[]): void {
    const stop = watchFiles(files, () => void this.restart());
    this.#stopWatching = () => {
      stop();
      this.#stopWatching = undefined;
    };
  }

  #fail(phase: AgentError['phase'], error: unknown): void {
    this.#setError(phase, error);
    this.#pages.send(this.#runMessage(false));
  }

  #setError(phase: AgentError['phase'], thrown: unknown): void {
    const error = describeError(phase, thrown);
    this.#info = { ...this.#info, error };
    this.#options.onError?.(error);
  }

  #connect(path: SocketPath, socket: WebSocket): void {
    switch (path) {
      case '/studio':
        this.#addPage(socket);
        return;
      case '/listen':
        // Without a run there is nothing to hear. The page tries again.
        if (this.#run) this.#run.addListener(socket);
        else socket.close(1013);
        return;
      case '/mic':
        socket.on('message', (data: Buffer, isBinary: boolean) => {
          if (!isBinary || this.#run?.mic.push(data) === false) socket.close(1003);
        });
        socket.on('close', () => this.#run?.mic.end());
    }
  }

  #addPage(socket: WebSocket): void {
    // Unsent lines go to the other pages first, because the new page gets all lines so far.
    this.#sendLines();
    this.#pages.add(socket);
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      const message = isBinary ? undefined : parsePageMessage(data.toString('utf8'));
      if (!message) socket.close(1003, 'not a message of the studio');
      else if (message.type === 'join') void this.#sendTicket(socket);
      else this.#take(message);
    });
    socket.send(encodeControl(this.#runMessage(true)));
    for (const message of this.#traceSoFar()) socket.send(encodeControl(message));
  }

  /** Waits for a restart. Without a run the page gets no ticket, and asks again for the next run. */
  async #sendTicket(socket: WebSocket): Promise<void> {
    await this.#restarting;
    const ticket = await this.#run?.ticket();
    if (ticket) socket.send(encodeControl({ type: 'ticket', nowMs: this.#nowMs(), ...ticket }));
  }

  #take(message: Exclude<PageMessage, { type: 'join' }>): void {
    // The limit of a socket does not hold for a page that opens one after the other.
    if (message.type !== 'truth' && !this.#acts.allows(performance.now() as AgentMs)) return;
    switch (message.type) {
      case 'ask':
        void this.#ask(() => message.text);
        return;
      case 'scenario':
        void this.#ask(() => this.#info.scenarios.find(({ name }) => name === message.name)?.ask);
        return;
      case 'interrupt':
        this.#run?.interrupt();
        return;
      case 'restart':
        void this.restart();
        return;
      case 'truth':
        this.#run?.takeTruth(message);
    }
  }

  /** A question during a restart goes to the new run. */
  async #ask(question: () => string | undefined): Promise<void> {
    await this.#restarting;
    const text = question();
    if (text !== undefined) this.#run?.ask(text);
  }

  #nowMs(): number {
    return this.#run?.nowMs() ?? performance.now();
  }

  #runMessage(linesFollow: boolean): ServerMessage {
    return { type: 'run', nowMs: this.#nowMs(), linesFollow, ...this.#info };
  }

  #traceSoFar(): ServerMessage[] {
    return this.#messagesOf(this.#run?.trace.lines ?? []);
  }

  #messagesOf(lines: readonly string[]): ServerMessage[] {
    return traceMessages(lines, { run: this.#info.run, nowMs: this.#nowMs() });
  }

  /** Sends all lines of a new run, including those it wrote before the pages knew of it. */
  #sendTrace(): void {
    this.#unsent = [];
    for (const message of this.#traceSoFar()) this.#pages.send(message);
  }

  #sendLines(): void {
    const lines = this.#unsent;
    this.#unsent = [];
    if (lines.length === 0) this.#pages.send({ type: 'clock', nowMs: this.#nowMs() });
    for (const message of this.#messagesOf(lines)) this.#pages.send(message);
  }
}
