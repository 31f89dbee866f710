import type { JSX } from 'preact';
import type { Capability } from '../../src/protocol/control_messages.ts';
import { whatIsSent } from '../../src/protocol/what_is_sent.ts';
import { PART_NAMES } from './part_names.ts';

/** Says what leaves this machine, and that it may cost money, before anything is asked. */
export function ServerNotice({
  capabilities,
}: {
  readonly capabilities: readonly Capability[];
}): JSX.Element | null {
  const hosted = capabilities.filter(({ server }) => server !== undefined);
  const [first] = hosted;
  if (!first) return null;
  const names = hosted.map(({ part }) => PART_NAMES[part].toLowerCase()).join(', ');
  return (
    <p class="server-notice">
      <strong>Real {names}.</strong> {whatIsSent(hosted.map(({ part }) => part))} {first.why}.
    </p>
  );
}
