import type { JSX } from 'preact';
import { Popover } from './popover.tsx';

const KEYS: readonly (readonly [key: string, what: string])[] = [
  ['L', 'listen, or stop'],
  ['U', 'mute the agent'],
  ['/', 'type a question'],
  ['1 … 9', 'ask a scenario'],
  ['Esc', 'close this, or interrupt the agent'],
  ['M', 'microphone'],
  ['Space', 'replay, or pause'],
  [', and .', 'one event back or forward'],
  ['F', 'follow the run'],
  ['S', 'save the trace'],
  ['O', 'open a trace'],
  ['D', 'dark or light'],
  ['?', 'this list'],
];

/** The keys, for those who ask. */
export function KeysHelp(): JSX.Element {
  return (
    <Popover
      name="keys"
      title="Keyboard shortcuts (?)"
      label={
        <>
          <span class="unseen">Keyboard shortcuts</span>
          <span aria-hidden="true">?</span>
        </>
      }
    >
      <dl class="key-list">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Popover>
  );
}
