import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { OncueEvent, OncueEventOf } from '@oncue/core';
import type { Command, Fact } from './agent_facts.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./agent_process.ts', import.meta.url));

/** An agent in a process of its own, and all that it has said. */
export class RunningAgent {
  facts: Fact[] = [];
  readonly #process: ChildProcess;
  readonly #listenedTo = new Map<number, boolean>();
  #openQuestions = 0;
  /** When its clock was at 0, in ms since 1970; `undefined` before it is ready. */
  epochAtZeroMs: number | undefined;
  /** Where it listens; `undefined` before it does. */
  port: number | undefined;

  /** @param awayAfterMs - for how long playout stands still while nobody listens. */
  constructor(awayAfterMs: number) {
    const source = ['--conditions=@oncue/source', '--import', 'tsx'];
    this.#process = spawn(process.execPath, [...source, PROGRAM, `${awayAfterMs}`], {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (!this.#process.stdout) throw new Error('the process has no output');
    createInterface(this.#process.stdout).on('line', (line) =>
      this.#take(JSON.parse(line) as Fact),
    );
  }

  #take(fact: Fact): void {
    this.facts.push(fact);
    if (fact.type === 'ready') this.epochAtZeroMs = fact.epochAtZeroMs;
    if (fact.type === 'listening') this.port = fact.port;
    if (fact.type === 'said') this.#openQuestions -= 1;
    if (fact.type === 'presence') this.#listenedTo.set(fact.session, fact.isListening);
  }

  get isReady(): boolean {
    return this.epochAtZeroMs !== undefined;
  }

  tell(command: Command): void {
    if (command.type === 'ask') this.#openQuestions += 1;
    this.#process.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.#process.kill(signal);
  }

  events(session = 0): OncueEvent[] {
    return this.facts.flatMap((fact) =>
      fact.type === 'event' && fact.session === session ? [fact.event] : [],
    );
  }

  of<T extends OncueEvent['type']>(type: T, session = 0): OncueEventOf<T>[] {
    return this.events(session).filter((event): event is OncueEventOf<T> => event.type === type);
  }

  /** The responses whose tasks ran, in order. */
  tasks(session = 0): string[] {
    return this.facts.flatMap((fact) =>
      fact.type === 'task' && fact.session === session ? [fact.responseId] : [],
    );
  }

  /** How each response ended, in order. */
  endings(session = 0): string[] {
    return this.events(session).flatMap((event) => {
      if (event.type === 'response_playback_finished') return [event.outcome];
      return event.type === 'response_skipped' ? [`skipped: ${event.reason}`] : [];
    });
  }

  has(type: Fact['type'], session = 0): boolean {
    return this.facts.some(
      (fact) => fact.type === type && (!('session' in fact) || fact.session === session),
    );
  }

  /** Whether every question has been answered to its end. */
  get isQuiet(): boolean {
    return this.#openQuestions === 0;
  }

  isListenedTo(session = 0): boolean {
    return this.#listenedTo.get(session) ?? false;
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }
}
