/** A step of a scripted turn: a response, or a state queued between two responses. */
export type Step =
  | {
      readonly type: 'response';
      readonly text: string;
      /** The name of a background task that starts when the response is heard. */
      readonly task: string;
    }
  | { readonly type: 'state'; readonly state: 'thinking' }
  /** Asks the session's own LLM, which calls a tool and then answers the tool's result. */
  | { readonly type: 'llm'; readonly task: string };

/** One exchange of the conversation. */
export interface Scene {
  readonly title: string;
  readonly user: string;
  readonly steps: readonly Step[];
  /** What the user says while the second response plays. */
  readonly bargeIn?: string;
  /** The expected outcome of each response, in the order of declaration. */
  readonly outcomes: readonly string[];
  /** The states that a plain `agent_state_changed` handler is expected to see. */
  readonly states: readonly string[];
}

/** The speech synthesis fails on sentences with this word. */
export const UNSPEAKABLE = 'unspeakable';

export const SCENES: readonly Scene[] = [
  {
    title: 'Two answers in one turn, with a queued "thinking" between them',
    user: 'Will I need an umbrella in Berlin?',
    steps: [
      {
        type: 'response',
        text: 'One moment, I am checking the forecast. ',
        task: 'fetch_forecast',
      },
      { type: 'state', state: 'thinking' },
      { type: 'response', text: 'Sunny all day, so leave the umbrella at home.', task: 'show_map' },
    ],
    outcomes: ['heard', 'heard'],
    states: ['thinking', 'speaking', 'thinking', 'speaking', 'listening'],
  },
  {
    title: 'A barge-in: the user speaks, and LiveKit\u2019s own VAD interrupts',
    user: 'Tell me about the city.',
    steps: [
      { type: 'response', text: 'Gladly, here is what I know. ', task: 'open_guide' },
      { type: 'state', state: 'thinking' },
      {
        type: 'response',
        text: 'Berlin has nearly four million people, two opera houses too many, and more bridges than Venice.',
        task: 'show_photos',
      },
    ],
    bargeIn: 'Wait, stop please.',
    outcomes: ['heard', 'cut'],
    states: ['thinking', 'speaking', 'thinking', 'speaking', 'listening'],
  },
  {
    title: 'The first response is empty',
    user: 'Is anyone there?',
    steps: [
      { type: 'response', text: '', task: 'must_not_run' },
      { type: 'response', text: 'Yes, I am still here.', task: 'log_presence' },
    ],
    outcomes: ['skipped', 'heard'],
    states: ['thinking', 'speaking', 'listening'],
  },
  {
    title: 'The speech synthesis fails, and the next response is heard',
    user: 'What is the password?',
    steps: [
      { type: 'response', text: `That is ${UNSPEAKABLE}, I fear.`, task: 'must_not_run' },
      { type: 'response', text: 'Sorry, let us talk of something else.', task: 'log_refusal' },
    ],
    outcomes: ['skipped', 'heard'],
    states: ['thinking', 'speaking', 'listening'],
  },
  {
    title: 'A tool call, and the answer to its result',
    user: 'When is my train?',
    steps: [
      { type: 'response', text: 'Let me look that up.', task: 'open_timetable' },
      { type: 'llm', task: 'highlight_train' },
    ],
    outcomes: ['heard', 'heard'],
    states: ['thinking', 'speaking', 'thinking', 'speaking', 'listening'],
  },
];

/** The scripted LLM's answer to the tool's result. */
export const TRAIN_ANSWER = 'Your train leaves at ten past four.';
