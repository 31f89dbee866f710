import type { TaskTiming } from '@oncue/core';
import type { ScenarioInfo } from '../protocol/control_messages.ts';

/** One step of a scripted turn. */
export type Step =
  | {
      readonly type: 'response';
      /** The page shows it as the response's name. */
      readonly title: string;
      readonly text: string;
      /** A background task that starts when the response is heard. */
      readonly task?: string;
      readonly abortOnCut?: boolean;
      /** Default `confirmed`. */
      readonly timing?: TaskTiming;
    }
  | { readonly type: 'state'; readonly state: 'thinking' }
  /** The model pauses, in ms. */
  | { readonly type: 'wait'; readonly forMs: number }
  /** Asks the session's LLM, which calls a tool. Its answer is a response of the next turn. */
  | { readonly type: 'tool_call' };

/** A scripted conversation that demonstrates one feature. */
export interface DemoScenario extends ScenarioInfo {
  /** A question that matches starts it. */
  readonly match: RegExp;
  /** Only in a room, where a report takes long enough for prediction to matter. */
  readonly isForRooms?: boolean;
  readonly steps: readonly Step[];
}

/** The demo's speech synthesis fails on sentences with this word. */
export const UNSPEAKABLE: RegExp = /unspeakable/i;

/** The tool that the scripted LLM calls, and its answer to the tool's result. */
export const TRAIN_TOOL = 'find_train';
export const TRAIN_ANSWER =
  'The next one leaves at ten past four from platform nine, and there are seats by the window.';

export const DEMO_SCENARIOS: readonly DemoScenario[] = [
  {
    name: 'two_answers',
    title: 'Two answers in a turn',
    ask: 'Will I need an umbrella in Berlin?',
    match: /umbrella|weather|\brain/i,
    steps: [
      {
        type: 'response',
        title: 'Forecast',
        text: 'It stays dry in Berlin all day, with eighteen degrees and a little wind.',
        task: 'open the map',
      },
      { type: 'state', state: 'thinking' },
      { type: 'wait', forMs: 500 },
      {
        type: 'response',
        title: 'Advice',
        text: 'So leave the umbrella at home, but take a jacket for the evening.',
        task: 'show the card',
      },
    ],
  },
  {
    name: 'filler',
    title: 'Filler, then answer',
    ask: 'Can you move my dentist appointment?',
    match: /appointment|dentist|move|book/i,
    steps: [
      {
        type: 'response',
        title: 'Filler',
        text: 'One moment, I am looking at the calendar.',
        task: 'start the lookup',
      },
      { type: 'state', state: 'thinking' },
      { type: 'wait', forMs: 900 },
      {
        type: 'response',
        title: 'Answer',
        text: 'There is a free slot on Thursday at half past nine. I have moved it there.',
        task: 'write the audit line',
      },
    ],
  },
  {
    name: 'tool_call',
    title: 'Tool call, then answer',
    ask: 'When is my train?',
    match: /train/i,
    steps: [
      {
        type: 'response',
        title: 'Announcement',
        text: 'Let me look that up for you.',
        task: 'open the timetable',
      },
      { type: 'tool_call' },
    ],
  },
  {
    name: 'story',
    title: 'Long story to interrupt',
    ask: 'Tell me a long story.',
    match: /story|long|tale/i,
    steps: [
      {
        type: 'response',
        title: 'Story',
        text:
          'Once there was a lighthouse keeper who counted ships. Every evening she wrote down how many had passed, and every ' +
          'morning she read the number aloud to the gulls. One night a fog came in that lasted for a week. She could not see a single ' +
          'ship, so she listened instead, and wrote down only what she had really heard. When the fog lifted, the harbour master ' +
          'compared her book with his own. His was longer. Hers was right.',
        task: 'play soft music',
        abortOnCut: true,
      },
    ],
  },
  {
    name: 'empty_first',
    title: 'Empty first answer',
    ask: 'Is anyone there?',
    match: /anyone|hello|there/i,
    steps: [
      { type: 'response', title: 'Nothing', text: '', task: 'must never run' },
      {
        type: 'response',
        title: 'Answer',
        text: 'Yes, I am here, and only what you heard has counted.',
        task: 'log the presence',
      },
    ],
  },
  {
    name: 'predicted',
    title: 'Task at the first word',
    ask: 'Show me the way to the station.',
    match: /station|way|map/i,
    isForRooms: true,
    steps: [
      {
        type: 'response',
        title: 'Directions',
        text: 'Here is the map. The station is two streets down, on your left.',
        task: 'open the map',
        timing: 'predicted',
      },
      {
        type: 'response',
        title: 'Offer',
        text: 'Shall I call you a taxi instead?',
        task: 'show the fare',
        timing: 'predicted',
      },
    ],
  },
  {
    name: 'failing_voice',
    title: 'Voice fails once',
    ask: 'What is the password?',
    match: /password|secret/i,
    steps: [
      {
        type: 'response',
        title: 'Fails',
        text: 'The password is unspeakable.',
        task: 'must never run',
      },
      {
        type: 'response',
        title: 'Apology',
        text: 'Sorry, my voice gave out there. Let us talk of something else.',
        task: 'log the refusal',
      },
    ],
  },
];

/** The answer to questions that no scenario matches. */
export const FALLBACK: readonly Step[] = [
  {
    type: 'response',
    title: 'Help',
    text:
      'I only know a few conversations by heart. Ask me about the weather, your train or your dentist, or let me tell you a ' +
      'long story and then interrupt me.',
    task: 'highlight the buttons',
  },
];
