import ts from 'typescript';

/** The names given to `it` and `test` calls in one test file, `it.each(…)('name')` included. */
export function testNames(fileName: string, text: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const name = node.arguments[0];
      if (name && isTestFunction(node.expression)) names.push(name.getText(source));
    }
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest);
  visit(source);
  return names;
}

/** True for `it`, `it.each(…)`, `test.for(…)` and the like. */
function isTestFunction(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'it' || callee.text === 'test';
  if (ts.isPropertyAccessExpression(callee)) return isTestFunction(callee.expression);
  if (ts.isCallExpression(callee)) return isTestFunction(callee.expression);
  if (ts.isTaggedTemplateExpression(callee)) return isTestFunction(callee.tag);
  return false;
}
