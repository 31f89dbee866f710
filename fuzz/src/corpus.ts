import { readFileSync, writeFileSync } from 'node:fs';
import { bytesOf, type Input, inputOf, type Target } from './target.ts';

const ROOT = new URL('../../', import.meta.url);

/** The inputs that are kept of a target: one a line, as JSON text or as hexadecimal bytes. */
export function readCorpus(target: Target): Input[] {
  const rows = readFileSync(fileOf(target), 'utf8').split('\n').filter(Boolean);
  return rows.map((row) => decode(target, row));
}

export function writeCorpus(target: Target, inputs: readonly Input[]): void {
  writeFileSync(fileOf(target), inputs.map((input) => `${encode(target, input)}\n`).join(''));
}

/** One line of a corpus. */
export function encode({ form }: Target, input: Input): string {
  return form === 'bytes' ? Buffer.from(bytesOf(input)).toString('hex') : JSON.stringify(input);
}

function decode({ form }: Target, row: string): Input {
  return form === 'bytes' ? inputOf(Buffer.from(row, 'hex')) : String(JSON.parse(row));
}

/** The quoted words of the files that a target names. */
export function wordsOf({ words }: Target): string[] {
  const all = new Set<string>(['v', 'type']);
  for (const file of words) {
    const source = readFileSync(new URL(file, ROOT), 'utf8');
    for (const [, word] of source.matchAll(/'([^'\n]{1,60})'/g)) if (word) all.add(word);
  }
  return [...all];
}

function fileOf({ name, form }: Target): URL {
  return new URL(`../corpus/${name}.${form === 'bytes' ? 'hex' : 'jsonl'}`, import.meta.url);
}
