/**
 * Runs a command. With `--help` it prints the usage instead. If an argument is wrong it prints one line that says so, then the
 * usage, and the command ends with exit code 2.
 *
 * @param {string} usage
 * @param {() => void | Promise<void>} run
 */
export async function runWithUsage(usage, run) {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage);
    return;
  }
  try {
    await run();
  } catch (error) {
    // What `parseArgs` of Node throws, and `wrongArgument` below.
    if (!String(error?.code).startsWith('ERR_PARSE_ARGS_')) throw error;
    // Node adds advice about a `--` that no command here needs.
    const [line] = error.message.split('. To specify');
    process.stderr.write(`${line}\n\n${usage}`);
    process.exitCode = 2;
  }
}

/** @param {string} message */
export function wrongArgument(message) {
  return Object.assign(new Error(message), { code: 'ERR_PARSE_ARGS_VALUE' });
}

/**
 * @param {string} text
 * @returns {number} A whole number above 0.
 */
export function countOf(text) {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw wrongArgument(`${text} is not a count; use a whole number above 0`);
}

/**
 * @param {string} text
 * @returns {number} A number of at least 0.
 */
export function amountOf(text) {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  throw wrongArgument(`${text} is not a number of at least 0`);
}
