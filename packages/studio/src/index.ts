export {
  defineStudioAgent,
  type StudioAgentModule,
  type StudioSessionOptions,
} from './agent_module.ts';
export { main as runStudioCommand } from './cli.ts';
export type { AgentError, ScenarioInfo } from './control_messages.ts';
export { Studio, type StudioOptions } from './studio.ts';
