/**
 * What Oncue's own packages share and applications have no use for. It may change in any release.
 *
 * @module
 */
export { messageOf } from './errors.ts';
export {
  isAudible,
  nextInTurn,
  responseOf,
  takesAudio,
  turnOf,
} from './step/state/selectors.ts';
export type { ResponseState } from './step/state/state.ts';
