import { OncueError } from '@oncue/core';
import type { WhenNobodyListens } from './listener_device.ts';

const POLICIES: readonly WhenNobodyListens[] = ['wait_for_first', 'wait', 'skip', 'estimate'];

/** @throws OncueError `ONCUE_BAD_OPTION` for anything else than a `WhenNobodyListens`. */
export function checkedPolicy(policy: WhenNobodyListens): WhenNobodyListens {
  if (POLICIES.includes(policy)) return policy;
  const known = POLICIES.map((one) => `'${one}'`).join(', ');
  throw new OncueError(
    'ONCUE_BAD_OPTION',
    `whenNobodyListens is ${String(policy)}; give one of ${known}`,
  );
}
