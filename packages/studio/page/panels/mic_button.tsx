import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Store } from '../store.ts';

/** The microphone, its level, and what the user should know of it. */
export function MicButton({ store }: { readonly store: Store }): JSX.Element {
  const { mic, problem } = store.audio.status;
  const [isHintSeen, setHintSeen] = useState(false);
  const recognition = store.info?.capabilities.find(({ part }) => part === 'stt');
  return (
    <div class="mic-box">
      <button
        type="button"
        class={mic === 'on' ? 'mic on' : 'mic'}
        aria-pressed={mic === 'on'}
        aria-keyshortcuts="m"
        onClick={() => void store.audio.toggleMic()}
      >
        {mic === 'opening' ? 'Opening…' : 'Microphone'} <kbd>M</kbd>
        <Meter store={store} />
      </button>
      {problem !== undefined ? (
        <Hint isProblem={true} dismiss={() => store.audio.forgetProblem()}>
          {problem}
        </Hint>
      ) : (
        mic === 'on' &&
        !isHintSeen &&
        !recognition?.using && (
          <Hint isProblem={false} dismiss={() => setHintSeen(true)}>
            Your voice interrupts the agent. To have it understood, run{' '}
            <code>{recognition?.command}</code> and start Studio again.
          </Hint>
        )
      )}
    </div>
  );
}

function Meter({ store }: { readonly store: Store }): JSX.Element {
  const level = useRef<HTMLElement>(null);
  const { mic } = store.audio.status;
  useEffect(() => {
    if (mic !== 'on') return undefined;
    let frame = requestAnimationFrame(function draw() {
      level.current?.style.setProperty('transform', `scaleX(${store.audio.micLevel})`);
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [mic, store]);
  return (
    <span class="meter" aria-hidden="true">
      <i ref={level} />
    </span>
  );
}

/** Lies over the page, so that nothing moves when it appears. */
function Hint(of: {
  readonly isProblem: boolean;
  readonly dismiss: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={of.isProblem ? 'hint bad' : 'hint'} role={of.isProblem ? 'alert' : 'note'}>
      <p>{of.children}</p>
      <button type="button" class="plain" onClick={of.dismiss}>
        Close
      </button>
    </div>
  );
}
