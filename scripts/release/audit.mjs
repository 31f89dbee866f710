// Asks the registry for known weaknesses of what the published packages install.
//
//   npm run audit
//
// Fails for one of high or critical severity. A registry that answers no audit, as many mirrors do, is "skipped" by name.
import { spawnSync } from 'node:child_process';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const SEVERE = ['high', 'critical'];

/**
 * @param {string} printed - By `npm audit --json`.
 * @returns {{ readonly outcome: 'clean' | 'severe' | 'skipped', readonly lines: readonly string[] }}
 */
export function verdict(printed) {
  const report = parsed(printed);
  if (typeof report?.vulnerabilities !== 'object') return { outcome: 'skipped', lines: [] };
  const found = Object.values(report.vulnerabilities);
  const severe = found.filter(({ severity }) => SEVERE.includes(severity));
  return {
    outcome: severe.length > 0 ? 'severe' : 'clean',
    lines: found.map(({ name, severity, range }) => `${severity}: ${name} ${range}`),
  };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {string} root */
function main(root) {
  const scope = ['core', 'livekit', 'browser', 'react', 'embedded', 'otel', 'studio'];
  const workspaces = scope.flatMap((name) => ['--workspace', `packages/${name}`]);
  const { stdout } = spawnSync('npm', ['audit', '--json', '--omit=dev', ...workspaces], {
    cwd: root,
    encoding: 'utf8',
  });
  const { outcome, lines } = verdict(stdout);
  for (const line of lines) console.log(line);
  if (outcome === 'skipped') console.log('skipped: the registry answers no audit');
  if (outcome === 'clean') console.log('no weakness of high or critical severity is known');
  process.exitCode = outcome === 'severe' ? 1 : 0;
}

if (argv[1] === fileURLToPath(import.meta.url))
  main(fileURLToPath(new URL('../..', import.meta.url)));
