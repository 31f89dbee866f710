import { expect, it } from 'vitest';
import { apiReport, exportsOf, stabilityOfEntry } from './support/api_report.ts';
import { findings, inRepository, publishedPackages, read } from './support/repository.ts';

/**
 * What each package offers is kept in its `api.txt`, so that a change of it is seen where it is reviewed. If the change
 * is meant: `npm run api`, and `npx changeset`.
 */
it.each([...publishedPackages()])(
  'the public interface of %s is the one in its api.txt; `npm run api` writes it',
  async (folder, manifest) => {
    const report = apiReport(folder, manifest);

    await expect(report).toMatchFileSnapshot(inRepository(`${folder}/api.txt`));
  },
);

it('a report shows signatures, and leaves out comments and what is internal', () => {
  const turn = exportsOf('packages/core/src/index.ts').get('Turn');

  expect(turn).toMatch(/^export declare class Turn \{/);
  expect(turn).toContain('begin(options?: BeginOptions): DeclaredResponse;');
  expect(turn).not.toMatch(/\/\*\*|constructor|goLive\(\) \{/);
});

it('a report lists what a package passes on of another, and nothing that it keeps to itself', () => {
  const livekit = exportsOf('packages/livekit/src/index.ts');

  expect(livekit.get('OncueError')).toBe("export { OncueError } from '@oncue/core';");
  expect(livekit.get('attachOncue')).toContain('): OncueSession;');
  expect(livekit.has('AttachedSession')).toBe(false);
});

it('each entry says how stable its names are', () => {
  const unmarked = [...publishedPackages()].flatMap(([folder, { name, exports = {} }]) =>
    Object.entries(exports)
      .filter(([, target]) => typeof target === 'object' && target !== null && 'types' in target)
      .filter(([subpath, target]) => {
        const { '@oncue/source': source = '' } = target as Readonly<Record<string, string>>;
        return stabilityOfEntry(subpath, read(`${folder}/${source}`)) === undefined;
      })
      .map(([subpath]) => `${name} ${subpath}`),
  );

  expect(
    findings('Begin its file with /** @packageDocumentation @public */, or @beta:', unmarked),
  ).toBe('');
});

it('a mark is that of the entry, and a name may have another', () => {
  expect(stabilityOfEntry('.', '/** @packageDocumentation @beta */\nexport {};')).toBe('beta');
  expect(stabilityOfEntry('.', '/** About @public. */\nexport {};')).toBeUndefined();
  expect(stabilityOfEntry('./internal', '')).toBe('internal');
  expect(exportsOf('packages/livekit/src/index.ts').get('recordHistory')).toMatch(
    /^\/\/ @beta\nexport declare function recordHistory/,
  );
});
