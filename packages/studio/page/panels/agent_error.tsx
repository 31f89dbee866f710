import type { JSX } from 'preact';
import type { AgentError } from '../../src/protocol/control_messages.ts';

const FAILURE: Readonly<Record<AgentError['phase'], string>> = {
  load: 'could not be loaded',
  start: 'could not be started',
  run: 'threw an error while it ran',
};

interface Props {
  readonly error: AgentError;
  readonly agentName: string;
}

/** The agent's error with its stack. */
export function AgentErrorPanel({ error, agentName }: Props): JSX.Element {
  return (
    <section class="agent-error" role="alert" aria-label="Error of the agent">
      <h2>
        <code>{agentName}</code> {FAILURE[error.phase]}
      </h2>
      <p class="message">{error.message}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long stack scrolls, and must do so by the keyboard too. */}
      <pre tabIndex={0}>{error.stack}</pre>
      <p class="next">
        {error.phase === 'run'
          ? 'The run goes on. Save the file to begin a new one.'
          : 'No agent runs now. Save the file to load it again.'}
      </p>
    </section>
  );
}
