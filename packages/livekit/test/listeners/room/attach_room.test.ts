import { initializeLogger, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { attachOncue, LocalDevice, type RoomOptions } from '../../../src/index.ts';
import { FakeRoom } from '../../support/fake_room.ts';

initializeLogger({ pretty: false, level: 'silent' });

function attach(options: Partial<RoomOptions>): voice.AgentSession {
  const session = new voice.AgentSession({});
  attachOncue(session, options as RoomOptions);
  return session;
}

describe('attachOncue in a room', () => {
  it('[RM1] sets the output that RoomIO keeps, and welcomes the participants in the room', async () => {
    const room = new FakeRoom();
    room.join('user');

    const session = attach({ room: room.asRoom });

    await Promise.resolve();

    expect(session.output.audio?.constructor.name).toBe('OncueOutput');
    expect(session.output.audio?.canPause).toBe(true);
    expect(room.sent('welcome')).toMatchObject([{ sampleRateHz: 24_000 }]);
    await session.close();
  });

  it('[RM1] throws ONCUE_BAD_OPTION for options out of range', () => {
    const room = new FakeRoom().asRoom;
    const wrong: Partial<RoomOptions>[] = [
      { room: {} as never },
      { room: undefined as never },
      { room, sampleRateHz: 22_050 },
      { room, sampleRateHz: 96_000 },
      { room, awayAfterMs: -1 },
      { room, audience: 'everybody' as never },
    ];
    for (const options of wrong)
      expect(() => attach(options)).toThrow(expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }));
    expect(() =>
      attachOncue(new voice.AgentSession({}), { room, listener: new LocalDevice() }),
    ).toThrow(expect.objectContaining({ code: 'ONCUE_BAD_OPTION' }));
  });
});
