import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin, type UserConfig } from 'vite';

export default defineConfig({
  root: new URL('page', import.meta.url).pathname,
  // Only in this repository, where packages run from source. Leave `workletFromSource` and `resolve` out in yours.
  plugins: [react(), workletFromSource()],
  resolve: { conditions: ['@oncue/source', ...defaultClientConditions] },
  // Content policies refuse worklets with a data: address.
  build: { assetsInlineLimit: 0 },
}) satisfies UserConfig;

/** In the source, the worklet is TypeScript, and not beside the module that loads it, as in the package. */
function workletFromSource(): Plugin {
  return {
    name: 'worklet-from-source',
    transform: {
      filter: { id: /src\/reporter\/attach_reporter\.ts$/ },
      handler: (code) =>
        `import workletFile from '@oncue/browser/reporter.worklet.js?worker&url';\n${code.replace(
          /new URL\(['"]\.\/reporter\.worklet\.js['"], import\.meta\.url\)/,
          'workletFile',
        )}`,
    },
  };
}
