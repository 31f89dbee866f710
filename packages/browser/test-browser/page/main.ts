import * as live from './live.ts';
import * as offline from './offline.ts';

Object.assign(globalThis, { fixture: { ...live, ...offline } });
