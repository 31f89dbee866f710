'use client';

import type { HeardPosition } from '@oncue/browser/captions';
import { useEffect, useRef } from 'react';
import { useStore } from './store_context.ts';

/**
 * Calls `draw` in each animation frame while a response sounds, and once with `undefined` when it has ended, or its position is
 * not known any more. If it is known again later, `draw` is called again, from the next word that is heard on. Nothing renders
 * again: write to an element through a ref, or set a CSS variable. The `draw` of the latest render is called.
 */
export function usePlayhead(draw: (position: HeardPosition | undefined) => void): void {
  const store = useStore();
  const latest = useRef(draw);
  latest.current = draw;
  useEffect(() => {
    let frame: number | undefined;
    const next = (): void => {
      const position = store.playhead();
      frame = position && requestAnimationFrame(next);
      latest.current(position);
    };
    const begin = (): void => {
      frame ??= requestAnimationFrame(next);
    };
    begin();
    const stops = [
      store.on('response_started', begin),
      // After a gap of the network a response goes on that had no position for a while.
      store.subscribe(() => {
        if (store.playhead()) begin();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [store]);
}
