import type { voice } from '@livekit/agents';
import type { OncueEvent, OncueEventOf, TaskTiming } from '@oncue/core';
import { type AgentTurn, OncueAgent, type OncueSession } from '@oncue/livekit';

/** The responses of a turn; what comes piece by piece takes the time it takes. */
export type Script = readonly (string | AsyncIterable<string>)[];

/** Says what its script has, one response after the other. */
export class ScriptedAgent extends OncueAgent {
  script: Script = [];
  timing: TaskTiming = 'confirmed';
  /** Called as the task of each response. */
  onTask: (index: number) => void | Promise<void> = () => {};

  protected override async *respond(turn: AgentTurn): AsyncGenerator<string> {
    const { script, timing = 'confirmed' } = this;
    for (const [index, text] of script.entries()) {
      if (index > 0) turn.queueAgentState('thinking');
      turn.begin({ task: { run: () => this.onTask(index), timing } });
      if (typeof text === 'string') yield text;
      else yield* text;
    }
  }
}

/** A real session with Oncue and a scripted agent, and what it reported. */
export class TalkingAgent {
  readonly session: voice.AgentSession;
  readonly oncue: OncueSession;
  readonly events: OncueEvent[] = [];
  /** Which response each task that ran belongs to, by its index. */
  readonly tasks: number[] = [];
  /** What a task waits for after that. */
  taskEnds: Promise<void> | undefined;
  /** How long playout stands still for a listener that has gone, ms. */
  readonly awayAfterMs: number;
  protected readonly agent: ScriptedAgent = new ScriptedAgent({ instructions: '' });

  protected constructor(of: Pick<TalkingAgent, 'session' | 'oncue' | 'awayAfterMs'>) {
    this.session = of.session;
    this.oncue = of.oncue;
    this.awayAfterMs = of.awayAfterMs;
    this.agent.onTask = (index) => {
      this.tasks.push(index);
      return this.taskEnds;
    };
    this.oncue.onAny((event) => this.events.push(event));
  }

  /** Has the agent answer with these responses, in one turn. */
  ask(script: Script, timing: TaskTiming = 'confirmed'): voice.SpeechHandle {
    this.agent.script = script;
    this.agent.timing = timing;
    return this.session.generateReply({ userInput: 'Go on.' });
  }

  of<T extends OncueEvent['type']>(type: T): OncueEventOf<T>[] {
    return this.events.filter((event): event is OncueEventOf<T> => event.type === type);
  }

  /** Whether a page reports. */
  get isListenedTo(): boolean {
    return this.of('listener_changed').at(-1)?.listening === true;
  }

  /** Whether it noticed once that nobody was there. */
  get hasMissedListener(): boolean {
    return this.of('audibility_changed').some(({ audibility }) => audibility === 'nobody');
  }

  /** How much of the newest response was heard by the last word on it. */
  get heardMs(): number {
    return this.of('response_playback_progressed').at(-1)?.heardMs ?? 0;
  }
}
