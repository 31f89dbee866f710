import ts from 'typescript';
import { inRepository } from './repository.ts';

export interface Block {
  readonly document: string;
  /** The line of the document on which the code begins, from 1. */
  readonly line: number;
  readonly ending: string;
  readonly code: string;
}

/** The ```ts and ```tsx blocks of a Markdown text. Each is a whole module. */
export function tsBlocks(document: string, markdown: string): Block[] {
  return [...markdown.matchAll(/^```(tsx?)\n(.*?)^```$/gms)].map((match) => ({
    document,
    line: markdown.slice(0, match.index).split('\n').length + 1,
    ending: match[1] ?? 'ts',
    code: match[2] ?? '',
  }));
}

export interface Diff {
  /** `document:line` of its first line. */
  readonly at: string;
  readonly before: Block;
  readonly after: Block;
  readonly addedLines: readonly string[];
  readonly removedLines: readonly string[];
}

/** The ```diff blocks of a Markdown text. Both sides of each are whole modules. */
export function diffBlocks(document: string, markdown: string): Diff[] {
  return [...markdown.matchAll(/^```diff\n(.*?)^```$/gms)].map((match) => {
    const line = markdown.slice(0, match.index).split('\n').length + 1;
    const lines = (match[1] ?? '').split('\n').slice(0, -1);
    // A side keeps the other's lines as empty ones, so that an error is reported at its line.
    const side = (other: '+' | '-'): Block => ({
      document,
      line,
      ending: 'ts',
      code: lines.map((one) => (one.startsWith(other) ? '' : one.slice(1))).join('\n'),
    });
    return {
      at: `${document}:${line}`,
      before: side('+'),
      after: side('-'),
      addedLines: lines.filter((one) => one.startsWith('+')),
      removedLines: lines.filter((one) => one.startsWith('-')),
    };
  });
}

/**
 * Compiles the blocks against the packages' source, as strictly as our own code.
 *
 * @returns One `document:line message` an error, with the line of the document.
 */
export function compileErrors(blocks: readonly Block[]): string[] {
  const options = blockOptions();
  const byFile = new Map(
    blocks.map((block, index) => [inRepository(`document_block_${index}.${block.ending}`), block]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => byFile.has(file) || fileExists(file);
  host.readFile = (file) => byFile.get(file)?.code ?? readFile(file);

  const program = ts.createProgram([...byFile.keys()], options, host);
  return [...byFile].flatMap(([file, block]) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map((diagnostic) => describe(block, diagnostic)),
  );
}

/** As our tests compile, except that a reader's example may leave a name unused. */
function blockOptions(): ts.CompilerOptions {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const relaxed = { noUnusedLocals: false, noUnusedParameters: false };
  const config = inRepository('tests/tsconfig.json');
  const parsed = ts.getParsedCommandLineOfConfigFile(config, relaxed, host);
  if (!parsed) throw new Error('tests/tsconfig.json could not be read');
  // Some are for a page. It is built by Vite, and may be written in JSX.
  const types = [...(parsed.options.types ?? []), 'vite/client'];
  const lib = [...(parsed.options.lib ?? []), 'lib.dom.d.ts'];
  return { ...parsed.options, types, lib, jsx: ts.JsxEmit.ReactJSX };
}

function describe({ document, line }: Block, diagnostic: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n    ');
  const { file, start } = diagnostic;
  const lineInBlock =
    file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : 0;
  return `${document}:${line + lineInBlock} ${message}`;
}
