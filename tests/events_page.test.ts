import ts from 'typescript';
import { expect, it } from 'vitest';
import { findings, read } from './support/repository.ts';

const PAGE = 'docs/reference/events.md';
const SOURCE = 'packages/core/src/events.ts';

/** What an event of a type carries, without what every event of its kind carries. */
interface EventFields {
  readonly type: string;
  readonly fields: readonly string[];
}

it('the page of events describes each event, with every field, and no other event', () => {
  const events = eventsIn(read(SOURCE));
  const sections = sectionsOf(read(PAGE));
  const missing = events.flatMap(({ type, fields }) => {
    const text = sections.get(type);
    if (text === undefined) return [type];
    return fields.filter((field) => !text.includes(`\`${field}\``)).map((one) => `${type}: ${one}`);
  });
  const known = new Set(events.map(({ type }) => type));
  const gone = [...sections.keys()].filter((type) => /_/.test(type) && !known.has(type));

  expect(events.length).toBeGreaterThan(15);
  expect(findings(`Describe in ${PAGE}:`, missing)).toBe('');
  expect(findings(`Take out of ${PAGE}:`, gone)).toBe('');
});

it('the page of events names every value of the causes and reasons', () => {
  const page = read(PAGE);
  const missing = ['CutBy', 'SkipReason', 'StateDropReason', 'TaskAbortReason', 'Audibility']
    .flatMap((name) => valuesOf(read(SOURCE), name).map((value) => `${name}: ${value}`))
    .filter((one) => !page.includes(`\`${one.split(': ')[1]}\``));

  expect(valuesOf(read(SOURCE), 'CutBy').length).toBeGreaterThan(3);
  expect(findings(`Name in ${PAGE}:`, missing)).toBe('');
});

it('a field that is not described is found', () => {
  const source =
    "interface Base { readonly at: number } interface One extends Base { readonly type: 'a_b'; readonly c: 1 }";

  expect(eventsIn(source)).toEqual([{ type: 'a_b', fields: ['c', 'at'] }]);
  expect([...sectionsOf('# T\n\n## a_b, c_d\n\ntext `c`\n')].map(([name]) => name)).toEqual([
    'a_b',
    'c_d',
  ]);
});

function parse(source: string): ts.SourceFile {
  return ts.createSourceFile('events.ts', source, ts.ScriptTarget.Latest);
}

/** Described once, at the head of the page. */
const COMMON = ['EventBase', 'OfResponse', 'OfTask'];

function eventsIn(source: string): EventFields[] {
  const interfaces = parse(source).statements.filter((one) => ts.isInterfaceDeclaration(one));
  const byName = new Map(interfaces.map((one) => [one.name.text, one]));
  const fieldsOf = (one: ts.InterfaceDeclaration): string[] => {
    const own = one.members.flatMap(({ name }) => (name && ts.isIdentifier(name) ? name.text : []));
    const parents = one.heritageClauses?.flatMap(({ types }) => types.map(nameOf)) ?? [];
    const inherited = parents
      .filter((name) => !COMMON.includes(name))
      .flatMap((name) => byName.get(name) ?? [])
      .flatMap(fieldsOf);
    return [...own, ...inherited];
  };
  return interfaces.flatMap((one) => {
    const type = typeOf(one);
    if (type === undefined) return [];
    return [{ type, fields: fieldsOf(one).filter((field) => field !== 'type') }];
  });
}

function nameOf({ expression }: ts.ExpressionWithTypeArguments): string {
  return ts.isIdentifier(expression) ? expression.text : '';
}

/** The name of the event that an interface describes, if it describes one. */
function typeOf(one: ts.InterfaceDeclaration): string | undefined {
  for (const member of one.members) {
    if (!ts.isPropertySignature(member) || !ts.isIdentifier(member.name)) continue;
    if (member.name.text !== 'type' || !member.type || !ts.isLiteralTypeNode(member.type)) continue;
    if (ts.isStringLiteral(member.type.literal)) return member.type.literal.text;
  }
  return undefined;
}

function valuesOf(source: string, name: string): string[] {
  const alias = parse(source)
    .statements.filter((one) => ts.isTypeAliasDeclaration(one))
    .find((one) => one.name.text === name);
  if (!alias || !ts.isUnionTypeNode(alias.type)) return [];
  return alias.type.types.flatMap((one) =>
    ts.isLiteralTypeNode(one) && ts.isStringLiteral(one.literal) ? [one.literal.text] : [],
  );
}

/** The text below each heading; one that names several events stands for each. */
function sectionsOf(markdown: string): Map<string, string> {
  return new Map(
    markdown
      .split(/^## /m)
      .slice(1)
      .flatMap((section) => {
        const [heading = '', ...text] = section.split('\n');
        return heading.split(', ').map((name): [string, string] => [name, text.join('\n')]);
      }),
  );
}
