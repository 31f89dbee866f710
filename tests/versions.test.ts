import { expect, it } from 'vitest';
import { publishedPackages, read } from './support/repository.ts';

interface Manifest {
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(read(`packages/${folder}/package.json`)) as Manifest;

const { peerDependencies: peers = {}, devDependencies: used = {} } = manifestOf('livekit');
const page = manifestOf('browser');

it('docs/versions.md states the range that @oncue/livekit accepts, and the versions that it is developed with', () => {
  const text = read('docs/versions.md');
  const [, from, below] = /^>=(\S+) <(\S+)$/.exec(peers['@livekit/agents'] ?? '') ?? [];
  const [, oldest, newer] =
    /^\^(\S+) \|\| \^(\d+)\.0\.0$/.exec(peers['@livekit/rtc-node'] ?? '') ?? [];

  expect(text).toContain(
    `accepts \`@livekit/agents\` from ${from} to below ${below}, and \`@livekit/rtc-node\` ${oldest} or later, or ${newer}.x.`,
  );
  expect(text).toMatch(rowOf(from, used['@livekit/rtc-node']));
  expect(text).toMatch(
    rowOf(`${used['@livekit/agents']} (Oncue is developed with these)`, used['@livekit/rtc-node']),
  );
});

it('each package asks for the same versions of LiveKit', () => {
  const of = (name: string, kind: 'peerDependencies' | 'devDependencies'): string[] =>
    [...publishedPackages().keys()].flatMap((folder) => {
      const version = (JSON.parse(read(`${folder}/package.json`)) as Manifest)[kind]?.[name];
      return version === undefined ? [] : [version];
    });

  for (const name of ['@livekit/agents', '@livekit/rtc-node', 'livekit-client'])
    for (const kind of ['peerDependencies', 'devDependencies'] as const) {
      const versions = of(name, kind);
      expect(versions.length, `${name} in ${kind}`).toBeGreaterThan(0);
      expect([...new Set(versions)], `${name} in ${kind}`).toHaveLength(1);
    }
});

it('@oncue/studio accepts the plugins of all versions of agents that it accepts', () => {
  const { peerDependencies = {} } = manifestOf('studio');

  expect(peerDependencies['@livekit/agents-plugin-openai']).toBe(peers['@livekit/agents']);
});

it('CONTRIBUTING.md names the livekit-client that is used here, and the oldest that is accepted', () => {
  const oldest = page.peerDependencies?.['livekit-client']?.replace(/^\^|\.0$/g, '');

  expect(read('CONTRIBUTING.md')).toContain(
    `is pinned to ${page.devDependencies?.['livekit-client']} in development`,
  );
  expect(read('CONTRIBUTING.md')).toContain(`from ${oldest}.`);
});

function rowOf(...cells: readonly (string | undefined)[]): RegExp {
  const escaped = cells.map((cell = '') => cell.replaceAll(/[.()]/g, '\\$&'));
  return new RegExp(`^\\| ${escaped.join(' \\| ')} \\|`, 'm');
}
