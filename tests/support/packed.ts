import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRepository, type Manifest, publishedPackages, read } from './repository.ts';

export interface Tarball {
  readonly manifest: Manifest;
  readonly file: string;
  /** Paths inside the package. */
  readonly contents: readonly string[];
  /** Of the tarball itself. */
  readonly sizeBytes: number;
}

/** Runs a program and returns what it printed; a failure throws with all of it. */
export function run(program: string, args: readonly string[], cwd = inRepository('.')): string {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  }
}

/** Runs a program of the repository's own dev dependencies. */
export function runTool(name: string, args: readonly string[], cwd?: string): string {
  return run(inRepository(path.join('node_modules', '.bin', name)), args, cwd);
}

/** A folder outside the repository, so that nothing of its node_modules is found by accident. */
export function temporaryFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'oncue-package-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Packs every published package, as `npm publish` would. */
export function packAll(destination: string): Tarball[] {
  return [...publishedPackages()].map(([folder, manifest]) => {
    const printed = run(
      'npm',
      ['pack', '--json', '--pack-destination', destination],
      inRepository(folder),
    );
    const packed: unknown = JSON.parse(printed);
    const [first] = (Array.isArray(packed) ? packed : Object.values(packed as object)) as {
      filename: string;
      files: { path: string }[];
      size: number;
    }[];
    if (!first) throw new Error(`npm pack of ${folder} reported no tarball:\n${printed}`);
    return {
      manifest,
      file: path.join(destination, first.filename),
      contents: first.files.map((file) => file.path),
      sizeBytes: first.size,
    };
  });
}

/** What a user imports: every subpath with types, by its public name. */
export function publicNames({ name, exports = {} }: Manifest): string[] {
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object' && target !== null && 'types' in target)
    .map(([subpath]) => path.posix.join(name, subpath));
}

/**
 * Sets up a user's project with the tarballs installed by npm, peers included.
 *
 * @param others - what else it depends on.
 * @returns What npm printed, warnings included.
 */
export function installConsumer(
  folder: string,
  tarballs: readonly Tarball[],
  others: Readonly<Record<string, string>> = {},
): string {
  const { devDependencies } = JSON.parse(read('package.json')) as {
    devDependencies: Record<string, string>;
  };
  const fromTarball = tarballs.map(({ manifest, file }) => [manifest.name, `file:${file}`]);
  writeConsumerFile(folder, 'package.json', {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: { ...Object.fromEntries(fromTarball), ...others },
    devDependencies: { '@types/node': devDependencies['@types/node'] },
  });
  writeConsumerFile(folder, 'tsconfig.json', {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023'],
      module: 'nodenext',
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      outDir: 'out',
      skipLibCheck: true,
    },
    include: ['*.ts'],
  });
  return run('sh', ['-c', 'npm install --prefer-offline --no-audit --no-fund 2>&1'], folder);
}

function writeConsumerFile(folder: string, name: string, content: object): void {
  writeFileSync(path.join(folder, name), JSON.stringify(content, null, 2));
}
