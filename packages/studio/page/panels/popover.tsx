import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A button that opens a box below it. It closes by Esc, by a click elsewhere, and when the focus leaves it. */
export function Popover(of: {
  readonly name: string;
  readonly label: ComponentChildren;
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const closeIfElsewhere = ({ target }: Event): void => {
      const { current } = box;
      if (current?.open && target instanceof Node && !current.contains(target))
        current.open = false;
    };
    addEventListener('pointerdown', closeIfElsewhere);
    addEventListener('focusin', closeIfElsewhere);
    return () => {
      removeEventListener('pointerdown', closeIfElsewhere);
      removeEventListener('focusin', closeIfElsewhere);
    };
  }, []);
  return (
    <details ref={box} class={`popover-box ${of.name}`} data-popover="">
      <summary data-action={of.name} title={of.title}>
        {of.label}
      </summary>
      <div class="popover">{of.children}</div>
    </details>
  );
}

/** Closes the open popover and gives the focus back to its button. @returns Whether one was open. */
export function closePopover(): boolean {
  const open = document.querySelector<HTMLDetailsElement>('details[data-popover][open]');
  if (!open) return false;
  open.open = false;
  open.querySelector('summary')?.focus();
  return true;
}
