import { type Room, RoomEvent } from '@livekit/rtc-node';
import { AGENT_TOPIC, LISTENER_TOPIC, messagesIn } from '@oncue/core/wire';

/** Packets of Oncue, and their bytes. */
export interface Counts {
  packets: number;
  bytes: number;
  /** Messages by type. A packet may hold several. */
  readonly types: Map<string, number>;
}

export interface Traffic {
  readonly toListener: Counts;
  readonly fromListener: Counts;
  /** How long it was counted. */
  lastedMs: number;
}

interface Counting {
  readonly traffic: Traffic;
  resume(): void;
  stop(): void;
}

/** @returns Begins one more count of Oncue's packets in a room. */
export function countTraffic(room: Room): () => Counting {
  const running = new Set<Traffic>();
  const decoder = new TextDecoder();
  const count = (direction: 'toListener' | 'fromListener', data: Uint8Array): void => {
    const types = messagesIn(decoder.decode(data)).map(typeOf);
    for (const traffic of running) {
      const counts = traffic[direction];
      counts.packets += 1;
      counts.bytes += data.length;
      for (const type of types) counts.types.set(type, (counts.types.get(type) ?? 0) + 1);
    }
  };
  const local = room.localParticipant;
  const publish = local?.publishData.bind(local);
  if (local && publish)
    local.publishData = (data, options) => {
      if (options.topic === AGENT_TOPIC) count('toListener', data);
      return publish(data, options);
    };
  room.on(RoomEvent.DataReceived, (data, _from, _kind, topic) => {
    if (topic === LISTENER_TOPIC) count('fromListener', data);
  });
  return () => {
    const counts = (): Counts => ({ packets: 0, bytes: 0, types: new Map() });
    const traffic = { toListener: counts(), fromListener: counts(), lastedMs: 0 };
    let sinceMs = performance.now();
    return {
      traffic,
      resume: () => {
        sinceMs = performance.now();
        running.add(traffic);
      },
      stop: () => {
        traffic.lastedMs += performance.now() - sinceMs;
        running.delete(traffic);
      },
    };
  };
}

function typeOf(text: string): string {
  return /"type":"(\w+)"/.exec(text)?.[1] ?? 'other';
}
