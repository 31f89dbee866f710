// Adds to package-lock.json the optional packages of other platforms that npm left out.
//
// npm drops an optional package from the lockfile if the registry in use does not serve it, and a mirror
// often has only the packages of its own platform. `npm ci` then refuses the lockfile as out of date, and a
// user of another platform gets no binary. The version comes from the package that depends on it, the
// platform from the name. Once added, npm keeps the entries.
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = /\b(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)\b/;
const PROCESSORS = /\b(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)\b/;
const EXACT_VERSION = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = lockfile.packages;
const added = [];

for (const [location, parent] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const isLocked =
      `node_modules/${name}` in packages || `${location}/node_modules/${name}` in packages;
    const entry = platformEntry(name, version, parent);
    if (isLocked || entry === undefined) continue;
    packages[`node_modules/${name}`] = entry;
    added.push(`${name}@${version}`);
  }
}

const byLocation = ([a], [b]) => a.localeCompare(b, 'en');
lockfile.packages = Object.fromEntries(Object.entries(packages).sort(byLocation));
if (added.length > 0) writeFileSync('package-lock.json', `${JSON.stringify(lockfile, null, 2)}\n`);
console.log(added.length > 0 ? `added ${added.join(', ')}` : 'nothing was missing');

function platformEntry(name, version, parent) {
  const system = name.match(SYSTEMS)?.[1];
  const processor = name.match(PROCESSORS)?.[1];
  if (!system || !processor || !EXACT_VERSION.test(version)) return undefined;
  const libc = name.match(/-(gnu|musl)/)?.[1];
  return {
    version,
    cpu: [processor],
    ...(parent.dev ? { dev: true } : {}),
    ...(libc ? { libc: [libc === 'gnu' ? 'glibc' : 'musl'] } : {}),
    license: parent.license,
    optional: true,
    os: [system],
  };
}
