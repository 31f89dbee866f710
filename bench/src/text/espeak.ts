import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SCRIPTS, type Script } from '../shared/languages.ts';

/** A word of a response as it is written, and what the voice said for it. */
export interface SpokenPiece {
  /** Offsets of its letters in the text. */
  readonly start: number;
  readonly end: number;
  readonly written: string;
  readonly endMs: number;
  /** The engine's own words for it, as phonemes: more than one where it writes a number out. */
  readonly said: readonly { readonly sounds: string; readonly endMs: number }[];
}

/** A response with the true end of each of its words. */
export interface SpokenText {
  readonly language: string;
  readonly text: string;
  readonly totalMs: number;
  readonly pieces: readonly SpokenPiece[];
  /** What counts as a word: pieces, joined where `Intl.Segmenter` parts a text without spaces elsewhere. */
  readonly words: readonly { readonly end: number; readonly endMs: number }[];
}

interface Answer {
  readonly totalMs: number;
  readonly words: readonly { readonly at: number; readonly endMs: number; readonly said: string }[];
}

const HELPER = fileURLToPath(new URL('espeak_words.py', import.meta.url));

/** Why this machine cannot run the benchmark, if it cannot. */
export function missingTool(): string | undefined {
  const check = 'import ctypes; ctypes.CDLL("libespeak-ng.so.1")';
  const { status, error } = spawnSync('python3', ['-c', check], { stdio: 'ignore' });
  if (error) return 'python3 is not installed';
  if (status !== 0)
    return 'espeak-ng is not installed: apt-get install --no-install-recommends espeak-ng';
  return undefined;
}

/** Speaks every sentence, in the order of `SCRIPTS`. */
export function speakAll(): readonly SpokenText[] {
  const inputs = SCRIPTS.flatMap((script) => script.texts.map((text) => inputOf(script, text)));
  const requests = inputs.map(({ voice, spoken }) => JSON.stringify({ voice, text: spoken }));
  const { stdout, stderr, status } = spawnSync('python3', [HELPER], {
    input: `${requests.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (status !== 0) throw new Error(`espeak-ng failed: ${stderr}`);
  const answers = stdout.trim().split('\n');
  return inputs.map((input, index) => spokenText(input, JSON.parse(answers[index] ?? '{}')));
}

interface Input {
  readonly language: string;
  readonly voice: string;
  readonly text: string;
  readonly spoken: string;
  readonly pieces: readonly {
    readonly written: string;
    readonly at: number;
    readonly spokenAt: number;
  }[];
}

function inputOf({ language, voice, pieces: isPieces }: Script, source: string): Input {
  const pieces: { written: string; at: number; spokenAt: number }[] = [];
  let text = '';
  let spoken = '';
  const parts = isPieces ? source.split('|') : source.split(/(?<=\s)/);
  for (const part of parts) {
    const [written = '', reading = written] = isPieces ? part.split('/') : [part];
    if (/[\p{L}\p{N}]/u.test(written)) {
      if (isPieces && spoken !== '') spoken += ' ';
      pieces.push({ written, at: text.length, spokenAt: spoken.length });
    }
    text += written;
    spoken += reading;
  }
  return { language, voice, text, spoken, pieces };
}

function wordsOf(text: string, pieces: readonly SpokenPiece[]): readonly SpokenPiece[] {
  if (/\p{L} \p{L}+ /u.test(text)) return pieces;
  const segments = new Intl.Segmenter('und', { granularity: 'word' }).segment(text);
  const ends = new Set(Array.from(segments, ({ index, segment }) => index + segment.length));
  return pieces.filter(({ end }) => ends.has(end));
}

function spokenText({ language, text, pieces }: Input, { totalMs, words }: Answer): SpokenText {
  const spoken: SpokenPiece[] = [];
  // From the last, since the engine joins small words such as "of the" and dates them as one.
  let after: SpokenPiece | undefined;
  for (const [index, { written, at, spokenAt }] of [...pieces.entries()].reverse()) {
    const nextAt = pieces[index + 1]?.spokenAt ?? Number.POSITIVE_INFINITY;
    const own = words
      .filter((word) => word.at >= spokenAt && word.at < nextAt)
      .map((word) => ({ sounds: word.said, endMs: word.endMs }));
    const said = own.length > 0 ? own : (after?.said ?? []);
    const last = said.at(-1);
    if (!last) throw new Error(`${language}: espeak-ng said nothing for "${written}" in "${text}"`);
    const letters = /[\p{L}\p{N}\p{Sc}](?:.*[\p{L}\p{N}\p{M}%])?/u.exec(written);
    const start = at + (letters?.index ?? 0);
    const end = start + (letters?.[0].length ?? 0);
    after = { start, end, written: text.slice(start, end), endMs: last.endMs, said };
    spoken.unshift(after);
  }
  return { language, text, totalMs, pieces: spoken, words: wordsOf(text, spoken) };
}
