// Finds a program that the tests start.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The path in an environment variable, else the first name found on the PATH, else the first file that exists.
 *
 * @param {{ variable: string, names: readonly string[], files?: readonly string[] }} options
 * @returns {string | undefined}
 */
export function findProgram({ variable, names, files = [] }) {
  const given = process.env[variable];
  if (given) return given;
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const onPath = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...onPath, ...files].find(isProgram);
}

/**
 * For a script that runs as a program: prints what was found, or says what to do and fails.
 *
 * @param {string} script `import.meta.url` of the script. Does nothing if the script is only imported.
 * @param {string | undefined} found
 * @param {string} howToInstall
 */
export function printWhenRun(script, found, howToInstall) {
  if (process.argv[1] !== fileURLToPath(script)) return;
  if (found) {
    console.log(found);
    return;
  }
  console.error(howToInstall);
  process.exitCode = 1;
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
