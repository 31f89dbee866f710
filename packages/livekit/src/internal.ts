/**
 * Shared by Oncue's own packages, of no use to applications. May change in any release.
 *
 * @module
 */
export { Fingerprints } from './listeners/room/fingerprints.ts';
export { type NodeResult, wrapLlmNode } from './livekit_internals/session/created_agent.ts';
