import { type MediaRoute, routeCandidate, routeDescription } from '../src/media_route.ts';

// Runs before the page's own scripts. Sends the page's media through a proxy, if there is one, and reports what arrives.

declare global {
  /** Set before this script runs, if there is a proxy. */
  var testbedRoute: MediaRoute | undefined;
  var testbedMedia: {
    /** The ports of the server or the proxy that media goes to. */
    readonly remotePorts: () => Promise<number[]>;
    /** What `getStats` reports for each incoming audio stream. */
    readonly inboundAudio: () => Promise<Record<string, unknown>[]>;
  };
}

const route = globalThis.testbedRoute;
const connections = new Set<RTCPeerConnection>();
const native = RTCPeerConnection.prototype;
const addIceCandidate: (candidate?: RTCIceCandidateInit | null) => Promise<void> =
  native.addIceCandidate;
const setRemoteDescription: (description: RTCSessionDescriptionInit) => Promise<void> =
  native.setRemoteDescription;

native.addIceCandidate = async function (
  this: RTCPeerConnection,
  candidate?: RTCIceCandidateInit | null,
): Promise<void> {
  const line = candidate?.candidate;
  if (!route || !candidate || !line) return await addIceCandidate.call(this, candidate);
  const routed = routeCandidate(line, route);
  if (routed === undefined) return;
  // Only the fields that identify the media section are copied; the others would repeat the old address.
  const { sdpMid = null, sdpMLineIndex = null } = candidate;
  await addIceCandidate.call(this, { candidate: routed, sdpMid, sdpMLineIndex });
};

native.setRemoteDescription = async function (
  this: RTCPeerConnection,
  description: RTCSessionDescriptionInit,
): Promise<void> {
  connections.add(this);
  const sdp = route ? routeDescription(description.sdp ?? '', route) : description.sdp;
  await setRemoteDescription.call(this, {
    type: description.type,
    ...(sdp === undefined ? {} : { sdp }),
  });
};

globalThis.testbedMedia = {
  remotePorts: async () => {
    const ports = (await allStats()).flatMap((stats) => {
      const reports = new Map(stats.map((report) => [report['id'], report]));
      return stats
        .filter(({ type }) => type === 'transport')
        .map((transport) => reports.get(transport['selectedCandidatePairId']))
        .map((pair) => reports.get(pair?.['remoteCandidateId'])?.['port'])
        .filter((port) => typeof port === 'number');
    });
    return [...new Set(ports)];
  },
  inboundAudio: async () =>
    (await allStats())
      .flat()
      .filter((report) => report['type'] === 'inbound-rtp' && report['kind'] === 'audio'),
};

async function allStats(): Promise<Record<string, unknown>[][]> {
  const open = [...connections].filter(({ connectionState }) => connectionState !== 'closed');
  return await Promise.all(
    open.map(async (connection) => {
      const reports: Record<string, unknown>[] = [];
      (await connection.getStats()).forEach((report) => {
        reports.push(report as Record<string, unknown>);
      });
      return reports;
    }),
  );
}
