export type Version = readonly [major: number, minor: number, patch: number];

/** The first version in a text such as `>=20.19` or `20`. What is left out counts as 0. */
export function versionIn(text: string): Version | undefined {
  const [, major, minor = '0', patch = '0'] = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

function isBefore(one: Version, other: Version): boolean {
  for (const [place, number] of one.entries()) {
    if (number !== other[place]) return number < (other[place] ?? 0);
  }
  return false;
}

/**
 * Whether `engines.node` of a package admits a version. Reads the forms that occur: `*`, and `||` of `>=1.2`, `^1.2.3`,
 * `1`, each with or without a space.
 */
export function admits(range: string, version: Version): boolean {
  return range.split('||').some((alternative) => {
    if (alternative.trim() === '*') return true;
    const least = versionIn(alternative);
    if (!least || isBefore(version, least)) return false;
    return alternative.includes('>=') || version[0] === least[0];
  });
}
