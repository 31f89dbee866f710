import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PlayingOutput } from '../support/playing_output.ts';
import { ScriptedAgent, texts } from '../support/scripted_agent.ts';
import { startSession } from '../support/session_harness.ts';
import { captureWarnings } from '../support/warnings.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const TWO = texts('alpha beta. ', 'gamma delta.');

describe('[LK17] another output in place of that of Oncue', () => {
  it('[LK17] is followed by its own playback events, after one warning', async () => {
    const warnings = captureWarnings();
    const run = await startSession({ agent: new ScriptedAgent(TWO) });
    run.session.output.audio = new PlayingOutput(run.clock);

    await run.reply();
    await run.reply();

    expect(warnings.map(({ code }) => code)).toEqual(['ONCUE_OUTPUT_REPLACED']);
    expect(run.ends.slice(0, 2)).toEqual(['heard: alpha beta. ', 'heard: gamma delta.']);
    expect(run.started.map(({ evidence }) => evidence)).toEqual(Array(4).fill('transport'));
    expect(run.stateNames.slice(0, 4)).toEqual(['thinking', 'speaking', 'thinking', 'speaking']);
    expect(run.chat[0]).toEqual({ text: 'alpha beta. gamma delta.', interrupted: false });
  });

  it('[LK17] says what was heard of a cut response', async () => {
    const run = await startSession({ agent: new ScriptedAgent(texts('alpha beta gamma delta')) });
    run.session.output.audio = new PlayingOutput(run.clock);
    const handle = run.session.generateReply({ userInput: 'hi' });
    await run.untilHeard(0, 250);

    handle.interrupt();
    await run.over(handle);

    expect(run.ends).toEqual(['cut: alpha beta']);
    expect(run.chat).toEqual([{ text: 'alpha beta', interrupted: true }]);
  });

  it('[LK17] gives way to that of Oncue again', async () => {
    const run = await startSession({ agent: new ScriptedAgent(texts('alpha'), texts('beta')) });
    run.session.output.audio = new PlayingOutput(run.clock);
    await run.reply();
    run.session.output.audio = run.output;

    await run.reply();

    expect(run.ends).toEqual(['heard: alpha', 'heard: beta']);
    expect(run.started.map(({ evidence }) => evidence)).toEqual(['transport', 'device']);
  });

  it('[LK17] that hands its audio on in secret is counted once', async () => {
    const run = await startSession({ agent: new ScriptedAgent(TWO) });
    run.session.output.audio = new Secretive(run.output);

    await run.reply();

    expect(run.ends).toEqual(['heard: alpha beta. ', 'heard: gamma delta.']);
    expect(run.finished.map(({ sentMs, evidence }) => [sentMs, evidence])).toEqual([
      [200, 'device'],
      [200, 'device'],
    ]);
  });
});

it('[LK17] a volume control in front of the output that loses userdata keeps audio and responses together', async () => {
  const warnings = captureWarnings();
  const run = await startSession({ agent: new ScriptedAgent(TWO) });
  run.session.output.audio = new NewFrames(run.output);

  await run.reply();

  expect(run.ends).toEqual(['heard: alpha beta. ', 'heard: gamma delta.']);
  expect(run.started.map(({ index, startedAtMs }) => [index, startedAtMs])).toEqual([
    [0, run.soundedAtMs('alpha')],
    [1, run.soundedAtMs('gamma')],
  ]);
  expect(warnings.map(({ code }) => code)).toEqual(['ONCUE_LIVEKIT_CHANGED']);
});

it('[LK9] an output of the application that has a synchronizer of its own is not taken for that of LiveKit', async () => {
  const warnings = captureWarnings();
  const run = await startSession({ agent: new ScriptedAgent(TWO) });
  run.session.output.audio = new LipSync(run.output);

  await run.reply();

  expect(warnings).toEqual([]);
  expect(run.ends).toEqual(['heard: alpha beta. ', 'heard: gamma delta.']);
  expect(run.soundedAtMs('gamma')).toBe(run.soundedAtMs('alpha') + 200);
});

/** Makes new frames, as a volume control does. */
class NewFrames extends voice.AudioOutput {
  readonly #inner: voice.AudioOutput;

  constructor(inner: voice.AudioOutput) {
    super(undefined, inner, { pause: true });
    this.#inner = inner;
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    await this.#inner.captureFrame(this.copy(frame));
  }

  protected copy({ data, sampleRate, channels, samplesPerChannel }: AudioFrame): AudioFrame {
    return new AudioFrame(data, sampleRate, channels, samplesPerChannel);
  }

  override flush(): void {
    super.flush();
    this.#inner.flush();
  }

  override clearBuffer(): void {
    this.#inner.clearBuffer();
  }
}

/** Passes frames on as they are, and has a member that LiveKit's output has too. */
class LipSync extends NewFrames {
  readonly synchronizer = { enabled: true };
  protected override copy(frame: AudioFrame): AudioFrame {
    return frame;
  }
}

/** Passes everything on, and does not say to whom. */
class Secretive extends voice.AudioOutput {
  readonly #inner: voice.AudioOutput;

  constructor(inner: voice.AudioOutput) {
    super(undefined, undefined, { pause: true });
    this.#inner = inner;
    const { EVENT_PLAYBACK_STARTED, EVENT_PLAYBACK_FINISHED } = voice.AudioOutput;
    inner.on(EVENT_PLAYBACK_STARTED, ({ createdAt }) => this.onPlaybackStarted(createdAt));
    inner.on(EVENT_PLAYBACK_FINISHED, (event) => this.onPlaybackFinished(event));
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    await this.#inner.captureFrame(frame);
  }

  override flush(): void {
    super.flush();
    this.#inner.flush();
  }

  override clearBuffer(): void {
    this.#inner.clearBuffer();
  }
}
