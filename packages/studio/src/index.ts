/** @packageDocumentation @beta */

export {
  defineStudioAgent,
  type StudioAgentModule,
  type StudioSessionOptions,
} from './agent/agent_module.ts';
export { main as runStudioCommand } from './cli.ts';
export { StudioError, type StudioErrorCode } from './errors.ts';
export type { AgentError, ScenarioInfo } from './protocol/control_messages.ts';
export { showPage } from './show_page.ts';
export { Studio, type StudioOptions } from './studio.ts';
