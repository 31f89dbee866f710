import { expect, it } from 'vitest';
import { routeCandidate, routeDescription } from '../src/media_route.ts';

const ROUTE = { serverUdpPort: 7882, proxyUdpPort: 9000 };
const UDP = 'candidate:1 1 udp 2130706431 127.0.0.1 7882 typ host';
const AT_PROXY = 'candidate:1 1 udp 2130706431 127.0.0.1 9000 typ host';
const TCP = 'candidate:2 1 tcp 1671430143 127.0.0.1 7882 typ host tcptype passive';

it('a candidate leads to the proxy, or nowhere', () => {
  expect(routeCandidate(UDP, ROUTE)).toBe(AT_PROXY);
  expect(routeCandidate(TCP, ROUTE)).toBeUndefined();
  expect(routeCandidate(UDP.replace('7882', '7883'), ROUTE)).toBeUndefined();
  expect(routeCandidate('', ROUTE)).toBe('');
});

it('a description keeps all that is no candidate', () => {
  const sdp = ['v=0', `a=${UDP}`, `a=${TCP}`, 'a=end-of-candidates', ''].join('\r\n');

  expect(routeDescription(sdp, ROUTE)).toBe(
    ['v=0', `a=${AT_PROXY}`, 'a=end-of-candidates', ''].join('\r\n'),
  );
});
