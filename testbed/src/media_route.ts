/** Which port the page must use instead of the server's media port. */
export interface MediaRoute {
  readonly serverUdpPort: number;
  readonly proxyUdpPort: number;
}

const PREFIX = /^(?:a=)?candidate:/;

/**
 * The server's ICE candidate, changed to the proxy's port.
 *
 * @returns `undefined` for a candidate that would bypass the proxy. A line that is not a candidate, such as the empty last one, is kept.
 */
export function routeCandidate(line: string, route: MediaRoute): string | undefined {
  if (!PREFIX.test(line)) return line;
  // candidate:FOUNDATION COMPONENT PROTOCOL PRIORITY ADDRESS PORT typ TYPE …
  const fields = line.split(' ');
  const isServers = fields[2]?.toLowerCase() === 'udp' && Number(fields[5]) === route.serverUdpPort;
  return isServers ? fields.with(5, String(route.proxyUdpPort)).join(' ') : undefined;
}

/** Does the same for each candidate of a session description. */
export function routeDescription(sdp: string, route: MediaRoute): string {
  return sdp
    .split('\r\n')
    .map((line) => routeCandidate(line, route))
    .filter((line) => line !== undefined)
    .join('\r\n');
}
