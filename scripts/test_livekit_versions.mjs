// Runs the tests of @oncue/livekit, and with --room the room tests, with another version of LiveKit's packages.
//
//   node scripts/test_livekit_versions.mjs [--room] <agents version> [<rtc-node version>]
//
// A version may be `newest`. Without one, rtc-node is the newest that this version of agents accepts. Everything happens in
// a temporary copy of the files in git; this checkout is not changed. If both versions are those that are installed here,
// nothing runs: `npm test` and `npm run test:room` test them.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findLivekitServer } from './find_livekit_server.mjs';

const AGENTS = '@livekit/agents';
const RTC_NODE = '@livekit/rtc-node';
/** With Studio's use of LiveKit's OpenAI plugin, whose version goes with that of agents. */
const UNIT_TESTS = ['--project', 'unit', 'packages/livekit', 'packages/studio/test/speech_parts'];
/**
 * Those of what we ship: the testbed's own say nothing about another LiveKit. Faults of networks, servers and browsers take
 * minutes, and they and what a page shows are the same with each.
 */
const THE_SAME = ['room_faults', 'long_outage', 'background_tab', 'captions', 'react_page'];
const ROOM_TESTS = [
  ...['--project', 'room', 'packages', 'examples', 'bench'],
  ...THE_SAME.flatMap((name) => ['--exclude', `**/test-room/${name}.test.ts`]),
];

const root = fileURLToPath(new URL('..', import.meta.url));
const withRoom = process.argv.includes('--room');
const [agentsWish, rtcNodeWish] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
if (!agentsWish) {
  console.error('say which version of @livekit/agents: a number, or "newest"');
  process.exit(2);
}

const agents = agentsWish === 'newest' ? newestOf(AGENTS) : agentsWish;
const rtcNode = rtcNodeVersion();
if (isInstalled(AGENTS, agents) && isInstalled(RTC_NODE, rtcNode)) {
  console.log(
    `${AGENTS} ${agents} and ${RTC_NODE} ${rtcNode} are installed here: npm test and npm run test:room test them`,
  );
  process.exit(0);
}
const copy = mkdtempSync(path.join(tmpdir(), 'oncue-versions-'));
try {
  console.log(`${AGENTS} ${agents} with ${RTC_NODE} ${rtcNode}`);
  copyFiles();
  setVersions();
  unlock();
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);
  run('npx', ['vitest', 'run', ...UNIT_TESTS, ...reporters('unit')]);
  if (withRoom) run('npx', ['vitest', 'run', ...ROOM_TESTS, ...reporters('room')]);
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function rtcNodeVersion() {
  if (rtcNodeWish === 'newest') return newestOf(RTC_NODE);
  return rtcNodeWish ?? newestOf(`${RTC_NODE}@${rangeThatAgentsTakes(agents)}`);
}

/** The registry answers with one version or with an unordered list. @param {string} wanted */
function newestOf(wanted) {
  const asked = ['view', wanted, 'version', '--json'];
  const versions = [JSON.parse(execFileSync('npm', asked, { encoding: 'utf8' }))].flat();
  return versions.toSorted(new Intl.Collator('en', { numeric: true }).compare).at(-1);
}

/**
 * @param {string} name
 * @param {string} version
 */
function isInstalled(name, version) {
  const manifest = path.join(root, 'node_modules', name, 'package.json');
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
}

/** @param {string} version */
function rangeThatAgentsTakes(version) {
  const asked = ['view', `${AGENTS}@${version}`, 'peerDependencies', '--json'];
  return JSON.parse(execFileSync('npm', asked, { encoding: 'utf8' }))[RTC_NODE];
}

function copyFiles() {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  for (const file of files.split('\0').filter(Boolean)) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    cpSync(path.join(root, file), path.join(copy, file));
  }
}

/** LiveKit's plugins depend on exactly one version of agents, so their versions change with it. */
function setVersions() {
  const manifests = execFileSync('git', ['ls-files', 'package.json', '*/package.json'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of manifests.split('\n').filter(Boolean)) {
    const manifest = JSON.parse(readFileSync(path.join(copy, file), 'utf8'));
    pin(manifest.dependencies);
    pin(manifest.devDependencies);
    // One copy for all. A version outside the range that agents declares is used as well.
    if (file === 'package.json')
      manifest.overrides = { ...manifest.overrides, [AGENTS]: agents, [RTC_NODE]: rtcNode };
    writeFileSync(path.join(copy, file), JSON.stringify(manifest, null, 2));
  }
}

/** @param {Record<string, string> | undefined} dependencies */
function pin(dependencies = {}) {
  for (const name of Object.keys(dependencies)) {
    if (name === AGENTS || name.startsWith(`${AGENTS}-plugin-`)) dependencies[name] = agents;
    if (name === RTC_NODE) dependencies[name] = rtcNode;
  }
}

/** Otherwise npm keeps the locked version and installs the other one beside it. */
function unlock() {
  const file = path.join(copy, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  for (const place of Object.keys(lock.packages)) {
    if (place.includes(`node_modules/${AGENTS}`) || place.includes(`node_modules/${RTC_NODE}`))
      delete lock.packages[place];
  }
  writeFileSync(file, JSON.stringify(lock));
}

/** If VERSION_REPORTS is set, each run writes its counts there, for the last line of .ci/run. @param {string} name */
function reporters(name) {
  const folder = process.env['VERSION_REPORTS'];
  if (!folder) return [];
  const file = path.join(folder, `livekit-${agents}-${rtcNode}-${name}.json`);
  return ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function run(program, args) {
  const server = findLivekitServer();
  const env = { ...process.env, ...(server ? { LIVEKIT_SERVER_PATH: server } : {}) };
  const { status } = spawnSync(program, args, { cwd: copy, env, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
