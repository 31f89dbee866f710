// Writes the API pages into docs/api, one a module, from the packages' source. Warnings are errors.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, ReflectionKind } from 'typedoc';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = path.join(ROOT, 'docs/api');

/** Module names with their source: what `exports` offers an application, without what only our packages need. */
function publicModules() {
  const modules = new Map();
  for (const folder of readdirSync(path.join(ROOT, 'packages'))) {
    const manifestFile = path.join(ROOT, 'packages', folder, 'package.json');
    const { name, exports } = JSON.parse(readFileSync(manifestFile, 'utf8'));
    for (const [subpath, { types, '@oncue/source': source } = {}] of Object.entries(
      exports ?? {},
    )) {
      if (subpath === './internal' || source === undefined || !/\.tsx?$/.test(source)) continue;
      if (types === undefined && !/\/index\.tsx?$/.test(source)) continue;
      modules.set(path.join(ROOT, 'packages', folder, source), path.posix.join(name, subpath));
    }
  }
  return modules;
}

const modules = publicModules();
rmSync(OUT, { recursive: true, force: true });
const app = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: [...modules.keys()],
  tsconfig: path.join(ROOT, 'docs/tsconfig.api.json'),
  // `npm run check` has compiled all of it.
  skipErrorChecking: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  disableSources: true,
  readme: 'none',
  name: 'API',
  router: 'module',
  outputs: [{ name: 'markdown', path: OUT }],
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  sanitizeComments: true,
  entryFileName: 'index',
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  validation: { notExported: false, invalidLink: true, notDocumented: false },
  logLevel: 'Warn',
});

const project = await app.convert();
if (!project) process.exit(1);
for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
  const file = module.sources?.[0]?.fullFileName ?? project.files.getReflectionPath(module);
  const name = modules.get(file);
  if (name !== undefined) module.name = name;
}
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
