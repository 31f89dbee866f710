import type { Target } from './target.ts';
import { TEXT_TARGETS } from './targets/text.ts';
import { WIRE_TARGETS } from './targets/wire.ts';

export const TARGETS: readonly Target[] = [...WIRE_TARGETS, ...TEXT_TARGETS];
