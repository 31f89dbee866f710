import * as live from './live.ts';
import * as offline from './offline.ts';

Object.assign(globalThis, { fixture: { ...live, ...offline } });

// For the tests of autoplay: what a test calls in the page counts as the user's doing, what the page does alone does not.
if (location.search === '?alone') live.connect({ start: true });
