import { type ChildProcess, spawn } from 'node:child_process';
import WebSocket from 'ws';
import { QuietListener } from './quiet_listener.ts';
import { inRepository } from './repository.ts';

/** What the studio sends, as far as tests look at it. */
export interface StudioMessage {
  readonly type: 'run' | 'trace' | 'clock';
  readonly run?: number;
  readonly linesFollow?: boolean;
  readonly scenarios?: readonly { readonly title: string }[];
  readonly error?: {
    readonly phase: string;
    readonly message: string;
    readonly stack: string;
  } | null;
  readonly lines?: readonly string[];
}

/** A line of the trace, with the kind taken off. */
export type StudioFact = Readonly<Record<string, unknown>> & { readonly type: string };

/** A studio in a process of its own, as a user starts it, one page's control socket to it, and a listener. */
export class StudioProcess {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #socket: WebSocket;
  readonly #listener: QuietListener | undefined;
  readonly #waiting = new Set<() => void>();
  readonly messages: StudioMessage[] = [];
  readonly facts: StudioFact[] = [];

  private constructor(url: string, process: ChildProcess, socket: WebSocket) {
    this.url = url;
    this.#process = process;
    this.#socket = socket;
    // Tests in a browser bring a page that listens.
    this.#listener = isBrowserTest() ? undefined : new QuietListener(url);
    socket.on('message', (data: Buffer) =>
      this.#take(JSON.parse(data.toString()) as StudioMessage),
    );
  }

  /** Starts it on a port; 0 lets the system choose. */
  static async start(
    agentFile?: string,
    env: NodeJS.ProcessEnv = {},
    port = 0,
  ): Promise<StudioProcess> {
    const source = ['--conditions=@oncue/source', '--import', 'tsx', '--import'];
    const args = [...source, './scripts/tsx_in_workers.mjs', 'packages/studio/src/start.ts'];
    const child = spawn(
      process.execPath,
      [...args, '--port', String(port), ...(agentFile === undefined ? [] : [agentFile])],
      { cwd: inRepository('.'), env: { ...withoutKeys(process.env), ...env } },
    );
    const url = await firstUrl(child);
    const socket = new WebSocket(`${url.replace('http', 'ws')}studio`);
    const studio = new StudioProcess(url, child, socket);
    await new Promise((resolve, reject) => socket.once('message', resolve).once('error', reject));
    return studio;
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify({ v: 1, ...message }));
  }

  /** The newest word on the run. */
  get info(): StudioMessage | undefined {
    return this.messages.findLast(({ type }) => type === 'run');
  }

  /** Resolves with the first fact of the trace that fits, of those that were or will be. */
  async fact(fits: (fact: StudioFact) => boolean): Promise<StudioFact> {
    return await this.#until(() => this.facts.find(fits));
  }

  /** Resolves with the first message from now on that fits. */
  async message(fits: (message: StudioMessage) => boolean): Promise<StudioMessage> {
    const from = this.messages.length;
    return await this.#until(() => this.messages.slice(from).find(fits));
  }

  async close(): Promise<void> {
    this.#socket.terminate();
    this.#listener?.close();
    const exited = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await exited;
  }

  async #until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #take(message: StudioMessage): void {
    if (message.type === 'clock') return;
    if (message.type === 'run') this.facts.length = 0;
    this.messages.push(message);
    for (const line of message.lines ?? []) {
      const { kind, input, event, note } = JSON.parse(line) as Record<string, StudioFact>;
      const fact = input ?? event ?? note;
      if (fact && String(kind) !== 'header') this.facts.push(fact);
    }
    for (const wake of [...this.#waiting]) {
      this.#waiting.delete(wake);
      wake();
    }
  }
}

/** A key of the machine's user must not make a test talk to somebody's server. */
function withoutKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, OPENAI_API_KEY: '', OPENAI_BASE_URL: '' };
}

async function firstUrl(child: ChildProcess): Promise<string> {
  let printed = '';
  return await new Promise((resolve, reject) => {
    const take = (data: Buffer): void => {
      printed += data.toString();
      const found = /Oncue studio: (\S+)/.exec(printed);
      if (found?.[1]) resolve(found[1]);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', (code) => reject(new Error(`the studio ended with ${code}:\n${printed}`)));
  });
}

function isBrowserTest(): boolean {
  return process.env['ONCUE_TEST_PAGE'] === '1';
}
