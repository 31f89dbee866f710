import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { voice } from '@livekit/agents';
import { ManualClock } from '@oncue/core/testing';
import type { AgentMessage, Announce } from '@oncue/core/wire';
import { expect, it } from 'vitest';
import { LocalDevice } from '../../../src/index.ts';
import { A, B, counting, RATE_HZ, RoomStage } from '../../support/room_stage.ts';
import { ScriptedAgent, texts } from '../../support/scripted_agent.ts';
import { startSession } from '../../support/session_harness.ts';

/** Keeps the announcements that a page would get. */
class AnnouncedDevice extends LocalDevice {
  readonly announced: Announce[] = [];

  override send(message: AgentMessage): void {
    if (message.type === 'announce') this.announced.push(message);
    super.send(message);
  }
}

/** As LiveKit's: each transcript gets an id of its own when its first word is written (`voice/room_io/_output.ts`). */
class TranscriptSink {
  readonly ids: string[] = [];
  #isOpen = false;

  get currentId(): string {
    return `SG_${this.ids.length + 1}`;
  }

  createTextWriter(): void {
    this.ids.push(this.currentId);
  }

  async captureText(): Promise<void> {
    if (!this.#isOpen) this.createTextWriter();
    this.#isOpen = true;
  }

  flush(): void {
    this.#isOpen = false;
  }

  onAttached(): void {}

  onDetached(): void {}
}

type Synchronizer = new (
  audio: voice.AudioOutput,
  text: unknown,
) => { readonly audioOutput: voice.AudioOutput; readonly textOutput: never };

it('[RM7] each response is announced with the segment id of its own transcript', async () => {
  const agents = dirname(createRequire(import.meta.url).resolve('@livekit/agents'));
  const file = join(agents, 'voice/transcription/synchronizer.js');
  const { TranscriptionSynchronizer } = (await import(pathToFileURL(file).href)) as {
    TranscriptionSynchronizer: Synchronizer;
  };
  const clock = new ManualClock();
  const listener = new AnnouncedDevice({ clock });
  const sink = new TranscriptSink();
  const run = await startSession({
    clock,
    agent: new ScriptedAgent(texts('alpha beta gamma delta.', 'epsilon zeta eta theta.')),
    attach: { listener },
    beforeStart: (session) => {
      if (!session.output.audio) throw new Error('attachOncue set no output');
      const synchronizer = new TranscriptionSynchronizer(session.output.audio, sink);
      session.output.audio = synchronizer.audioOutput;
      session.output.transcription = synchronizer.textOutput;
    },
  });

  await run.reply();

  const [first, second] = run.ids;
  const joined = listener.announced.filter(({ segmentId }) => segmentId !== undefined);
  expect(sink.ids).toHaveLength(2);
  expect(joined.map(({ responseId, segmentId }) => [responseId, segmentId])).toEqual([
    [first, sink.ids[0]],
    [second, sink.ids[1]],
  ]);
});

it('[RM7] a page gets the response with the id of its transcript segment, as soon as that is known', async () => {
  const stage = new RoomStage();
  stage.listens('user');
  stage.play(A, counting(1000));
  stage.listener.send({
    type: 'announce',
    responseId: A,
    sampleRateHz: RATE_HZ,
    segmentId: 'SG_1',
  });
  await stage.clock.advanceAsync(100);

  const announced = stage.room.sent('announce');
  expect(announced.map(({ responseId, segmentId }) => [responseId, segmentId])).toEqual([
    [A, undefined],
    [A, 'SG_1'],
  ]);
  expect(stage.room.published.filter(({ message }) => message.type === 'announce')).toEqual(
    announced.map(() => expect.objectContaining({ reliable: true, to: ['user'] })),
  );
});

it('[RM7] a page that joins in the middle gets both ids as well', async () => {
  const stage = new RoomStage();
  stage.room.join('user');
  stage.play(A, counting(1000));
  stage.listener.send({
    type: 'announce',
    responseId: A,
    sampleRateHz: RATE_HZ,
    segmentId: 'SG_1',
  });
  stage.play(B, counting(1000));
  await stage.clock.advanceAsync(300);
  expect(stage.room.sent('announce')).toEqual([]);

  stage.room.say('user', { type: 'hello', evidence: 'device' });
  await stage.clock.advanceAsync(0);

  const announced = stage.room.sent('announce');
  expect(announced.map(({ responseId, segmentId }) => [responseId, segmentId])).toEqual([
    [A, 'SG_1'],
    [B, undefined],
  ]);
});
