import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export function inRepository(file: string): string {
  return path.join(ROOT, file);
}

export function read(file: string): string {
  return readFileSync(inRepository(file), 'utf8');
}

/** Every file that is or is about to be committed, so a mistake shows before the commit. */
export function repositoryFiles(pattern: RegExp = /(?:)/): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const files = listed.split('\0').filter((file) => file !== '' && existsSync(inRepository(file)));
  return [...new Set(files)].filter((file) => pattern.test(file)).sort();
}

/** Files that are committed though `.gitignore` names them: it does not hold for what git already follows. */
export function ignoredButCommitted(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '-ci', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed.split('\0').filter((file) => file !== '');
}

export interface Manifest {
  readonly name: string;
  readonly homepage?: string;
  readonly bugs?: string;
  readonly keywords?: readonly string[];
  readonly repository?: { readonly url: string; readonly directory?: string };
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The packages that we publish: folder (`packages/core`) to manifest. */
export function publishedPackages(): Map<string, Manifest> {
  const manifests = repositoryFiles(/^packages\/[^/]+\/package\.json$/);
  return new Map(
    manifests.map((file) => [path.posix.dirname(file), JSON.parse(read(file)) as Manifest]),
  );
}

/** One line a finding, under a sentence that says what to do: what `expect(...).toBe('')` shows on failure. */
export function findings(whatToDo: string, found: readonly string[]): string {
  return found.length === 0 ? '' : `${whatToDo}\n  ${found.join('\n  ')}\n`;
}
