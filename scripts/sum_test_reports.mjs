// Adds up Vitest's JSON reports in a folder, and prints "N passed, N failed" as .ci/run's last line.
// Plain JavaScript without packages, because it must also run when `npm ci` failed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const [folder = '.'] = process.argv.slice(2);
let passed = 0;
let failed = 0;

for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
  passed += report.numPassedTests ?? 0;
  // A file that does not load, or a run that crashed, has no tests that could count as failed.
  failed += report.success ? 0 : Math.max(1, report.numFailedTests ?? 0);
}

// If a stage without tests fails, such as lint, the line must not say "0 failed".
const stages = path.join(folder, 'failed_stages');
if (failed === 0 && existsSync(stages)) {
  failed = readFileSync(stages, 'utf8').split('\n').filter(Boolean).length;
}

console.log(`${passed} passed, ${failed} failed`);
