// Installs what the site needs, unless it is there. It is no workspace, so that `npm install` stays quick.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const wanted = readFileSync(at('package-lock.json'), 'utf8');
const record = at('node_modules/.installed-lock.json');

if (!existsSync(record) || readFileSync(record, 'utf8') !== wanted) {
  execFileSync('npm', ['ci', '--workspaces=false', '--no-audit', '--no-fund'], {
    cwd: at('.'),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  writeFileSync(record, wanted);
}
