import { initializeLogger, voice } from '@livekit/agents';
import { createVad, FailingTTS, FliteTTS, SAMPLE_RATE_HZ, ScriptedLLM } from '@oncue/embedded';
import {
  attachOncue,
  LocalDevice,
  NodeClock,
  type OncueSession,
  WavRecorder,
} from '@oncue/livekit';
import { DemoAgent } from './agent/demo_agent.ts';
import { SCENES, type Scene, TRAIN_ANSWER, UNSPEAKABLE } from './agent/scenes.ts';
import { speakAll, UserVoice } from './agent/user_voice.ts';
import { EarWitness } from './judge/ear_witness.ts';
import { VoiceTap } from './judge/voice_tap.ts';
import type { RunNote, UntimedNote } from './terminal/notes.ts';

/** The receivers of a conversation. */
export interface ConversationPort {
  /** Called with each line of Oncue's trace. */
  readonly trace: (line: string) => void;
  readonly note: (note: RunNote) => void;
}

/** How much of the second response is heard before the user interrupts, in ms. */
const BARGE_IN_AFTER_MS = 1500;

/** The pause between two scenes, in ms, to read the result. */
const BETWEEN_SCENES_MS = 900;

/** How often the recording is searched for the expected sounds, in ms. */
const SEARCH_INTERVAL_MS = 60;

/** How long the session may take to return to `listening` after its speech, in ms. */
const SETTLE_TIMEOUT_MS = 3000;

/** Holds the scripted conversation in real time. @returns The recording of what was heard. */
export async function holdConversation(port: ConversationPort): Promise<WavRecorder> {
  // LiveKit logs to standard output, which the screen uses. Errors are events, and the screen shows them.
  initializeLogger({ pretty: false, level: 'silent' });
  const conversation = new Conversation(port);
  try {
    await conversation.start();
    for (const [index, scene] of SCENES.entries()) await conversation.play(scene, index + 1);
  } finally {
    await conversation.close();
  }
  return conversation.recorder;
}

class Conversation {
  readonly recorder = new WavRecorder(SAMPLE_RATE_HZ);
  readonly #clock = new NodeClock();
  readonly #tap = new VoiceTap();
  readonly #port: ConversationPort;
  readonly #witness: EarWitness;
  readonly #userVoice = new UserVoice(this.#clock);
  readonly #userSpeaker = new FliteTTS({ voice: 'rms' });
  readonly #speaker = new FailingTTS({ failWhen: (sentence) => sentence.includes(UNSPEAKABLE) });
  readonly #session: voice.AgentSession;
  readonly #oncue: OncueSession;
  #scene: Scene = SCENES[0] as Scene;
  #bargeIn: Int16Array = new Int16Array(0);

  constructor(port: ConversationPort) {
    this.#port = port;
    this.#witness = new EarWitness(this.#tap, this.recorder, (note) => this.#note(note));
    this.#session = new voice.AgentSession({
      llm: new ScriptedLLM({
        script: ({ toolOutputs }) =>
          toolOutputs.length > 0
            ? TRAIN_ANSWER
            : { type: 'tool_call', name: 'find_train', args: {} },
      }),
      tts: this.#speaker,
      vad: createVad(),
      useTtsAlignedTranscript: true,
      // The device is silent, so there is no echo.
      aecWarmupDuration: null,
      turnHandling: {
        turnDetection: 'vad',
        // Without speech recognition LiveKit takes every interruption for noise, and would resume.
        interruption: { mode: 'vad', minDuration: 300, resumeFalseInterruption: false },
      },
    });
    this.#oncue = attachOncue(this.#session, {
      listener: new LocalDevice({ sampleRateHz: SAMPLE_RATE_HZ, onRendered: this.recorder.add }),
      clock: this.#clock,
      trace: port.trace,
    });
    if (this.#session.output.audio)
      this.#tap.watch(this.#session.output.audio, () => this.#clock.nowMs());
    this.#session.input.audio = this.#userVoice;
    this.#listen();
  }

  async start(): Promise<void> {
    this.#speaker.prewarm();
    const bargeIn = SCENES.find((scene) => scene.bargeIn !== undefined)?.bargeIn ?? '';
    this.#bargeIn = await speakAll(this.#userSpeaker, bargeIn);
    await this.#session.start({
      agent: new DemoAgent({
        scene: () => this.#scene,
        tap: this.#tap,
        taskRan: (responseId, name) => this.#note({ type: 'task_ran', responseId, name }),
      }),
    });
  }

  async play(scene: Scene, number: number): Promise<void> {
    this.#scene = scene;
    const { title, outcomes, states } = scene;
    this.#note({ type: 'scene', number, title, outcomes, states });
    this.#note({ type: 'user_typed', text: scene.user });
    const stopSearch = this.#searchRepeatedly();
    await this.#session.generateReply({ userInput: scene.user }).waitForPlayout();
    await this.#untilListening();
    stopSearch();
    this.#witness.search();
    this.#witness.measure();
    await this.#wait(BETWEEN_SCENES_MS);
  }

  async close(): Promise<void> {
    await this.#session.close();
    await this.#oncue.close();
    await Promise.all([this.#userVoice.close(), this.#speaker.close(), this.#userSpeaker.close()]);
    this.#note({ type: 'run_ended' });
  }

  #listen(): void {
    const { AgentSessionEventTypes: Events } = voice;
    // A plain handler of an application, as it would be without Oncue.
    this.#session.on(Events.AgentStateChanged, ({ newState }) =>
      this.#note({ type: 'agent_state', state: newState }),
    );
    this.#session.on(Events.ConversationItemAdded, ({ item }) => {
      if (item.type !== 'message' || item.role !== 'assistant') return;
      const { textContent = '', interrupted } = item;
      this.#note({ type: 'message_stored', text: textContent, interrupted });
    });
    this.#oncue.on('response_playback_progressed', ({ index, heardMs }) => {
      if (index === 1 && heardMs >= BARGE_IN_AFTER_MS) this.#bargeInOnce();
    });
  }

  #bargeInOnce(): void {
    const { bargeIn } = this.#scene;
    if (bargeIn === undefined || this.#bargeIn.length === 0) return;
    const lengthMs = (this.#bargeIn.length * 1000) / SAMPLE_RATE_HZ;
    this.#userVoice.say(this.#bargeIn);
    this.#bargeIn = new Int16Array(0);
    this.#note({ type: 'user_spoke', text: bargeIn, lengthMs });
  }

  #searchRepeatedly(): () => void {
    const search = (): void => {
      this.#witness.search();
      cancel = this.#clock.schedule(SEARCH_INTERVAL_MS, search);
    };
    let cancel = this.#clock.schedule(SEARCH_INTERVAL_MS, search);
    return () => cancel();
  }

  async #untilListening(): Promise<void> {
    const deadlineMs = this.#clock.nowMs() + SETTLE_TIMEOUT_MS;
    const isBusy = (): boolean =>
      this.#session.agentState !== 'listening' || this.#session.userState === 'speaking';
    while (isBusy() && this.#clock.nowMs() < deadlineMs) await this.#wait(SEARCH_INTERVAL_MS);
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.schedule(delayMs, resolve);
    });
  }

  #note(note: UntimedNote): void {
    this.#port.note({ ...note, atMs: this.#clock.nowMs() } as RunNote);
  }
}
