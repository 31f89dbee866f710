import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Store } from '../store.ts';
import { gutterOf, headX, MAX_NAME_AGE_MS } from './geometry.ts';

/** This long after the last line of a run the timeline stops, so that it can be read. */
const HOLD_AFTER_MS = 1200;

/** The time constant that smooths a jump of the playhead. A jump beyond the maximum is not smoothed. */
const GLIDE_MS = 90;
const MAX_GLIDE_MS = 20_000;

/** A smaller step is not smoothed: while time just passes, smoothing would draw the playhead late. */
const NO_GLIDE_MS = 60;

/** A pointer that moves less than this is a click. */
const MIN_DRAG_PX = 4;

interface MotionSetup {
  readonly store: Store;
  readonly panel: RefObject<HTMLElement | null>;
  readonly width: number;
  readonly pxPerMs: number;
}

/** The part of the time axis that is drawn. */
export interface VisibleSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The part of the timeline that is visible, as moved by time, the pointer or the wheel. */
export interface TimelineMotion {
  readonly visible: VisibleSpan;
  /** The instant at the left edge of the panel. */
  readonly leftMs: number;
  /** The instant at the playhead, when the timeline was last drawn. */
  readonly headMs: number;
  readonly isPanned: boolean;
  readonly follow: () => void;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onWheel: (event: WheelEvent) => void;
}

/** The position of the timeline. */
interface View {
  /** The instant at the playhead. */
  headMs: number;
  /** How far the timeline was dragged into the past. */
  panMs: number;
  /** The instant around which it was last drawn. */
  drawnMs: number;
  /** Where the playhead was when the names at the left edge were last drawn. */
  namedMs: number;
  /** The last positions of the layers, as text. */
  placed: string;
}

/** Shifts the drawing under the playhead for every frame, without drawing it again. */
export function useTimelineMotion(setup: MotionSetup): TimelineMotion {
  const { store, panel, width, pxPerMs } = setup;
  const { current: view } = useRef<View>({
    headMs: Number.NaN,
    panMs: 0,
    drawnMs: Number.NaN,
    namedMs: Number.NaN,
    placed: '',
  });
  const frames = useRef<Frames | undefined>(undefined);
  const [, countDrawing] = useState(0);
  const redraw = (): void => countDrawing((count) => count + 1);
  const spanMs = width > 0 ? width / pxPerMs : 0;

  useEffect(() => {
    const running = everyFrame((elapsedMs) => {
      store.tick(elapsedMs);
      const nowMs = store.nowMs();
      glide(view, shownHeadMs(store, nowMs), elapsedMs);
      const moved = shift(panel.current, { width, pxPerMs, nowMs }, view);
      const middleMs = view.headMs - view.panMs;
      const isNear = Math.abs(middleMs - view.drawnMs) < spanMs / 2;
      if (isNear && Math.abs(middleMs - view.namedMs) < MAX_NAME_AGE_MS) return moved;
      if (!isNear) view.drawnMs = middleMs;
      view.namedMs = middleMs;
      redraw();
      return true;
    });
    frames.current = running;
    return () => running.stop();
  }, [store, panel, width, pxPerMs, spanMs, view]);
  // A drawing around another instant must not appear at the old position.
  useLayoutEffect(() => {
    shift(panel.current, { width, pxPerMs, nowMs: store.nowMs() }, view);
    frames.current?.wake();
  });

  const panTo = (panMs: number): void => {
    view.panMs = Math.max(0, panMs);
    redraw();
  };
  const middleMs = Number.isNaN(view.drawnMs) ? store.nowMs() : view.drawnMs;
  return {
    visible: { fromMs: middleMs - spanMs * 1.5, toMs: middleMs + spanMs * 1.5 },
    leftMs: view.headMs - view.panMs - (headX(width) - gutterOf(width)) / pxPerMs,
    headMs: Number.isNaN(view.headMs) ? store.source.endMs : view.headMs,
    isPanned: view.panMs > 0,
    follow: () => panTo(0),
    onPointerDown: ({ clientX }) => {
      const { panMs } = view;
      followPointer((movedX) => {
        const byPx = movedX - clientX;
        if (Math.abs(byPx) >= MIN_DRAG_PX || view.panMs !== panMs) panTo(panMs + byPx / pxPerMs);
      });
    },
    onWheel: (event) => {
      // Vertical scrolling is for the page.
      if (Math.abs(event.deltaX) <= Math.abs(event.deltaY) && !event.shiftKey) return;
      event.preventDefault();
      panTo(view.panMs - (event.deltaX || event.deltaY) / pxPerMs);
    },
  };
}

/** The most of the page's time that motion may take: a slow machine needs the rest, for example for the sound. */
const MOTION_SHARE = 0.12;

/** The longest frame period on a slow machine; anything longer no longer looks like motion. */
const LONGEST_FRAME_MS = 80;

/** The frame period while nothing moves. */
const STILL_FRAME_MS = 150;

interface Frames {
  /** Call it when something may move. */
  readonly wake: () => void;
  readonly stop: () => void;
}

/** Calls `run` for frames: as many as the machine has time for, and few while `run` returns false. */
function everyFrame(run: (elapsedMs: number) => boolean): Frames {
  let ranAtMs = performance.now();
  let costMs = 0;
  let isStill = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  const painted = new MessageChannel();
  const next = (): void => {
    frame = requestAnimationFrame(() => {
      const atMs = performance.now();
      isStill = !run(atMs - ranAtMs);
      ranAtMs = atMs;
      // This message arrives after the frame is painted.
      painted.port2.postMessage(undefined);
    });
  };
  painted.port1.onmessage = () => {
    costMs += (Math.min(LONGEST_FRAME_MS, performance.now() - ranAtMs) - costMs) / 8;
    const periodMs = isStill ? STILL_FRAME_MS : Math.min(LONGEST_FRAME_MS, costMs / MOTION_SHARE);
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    // 4 ms early, because a timer that is due just before a frame would miss it.
    timer = setTimeout(next, Math.max(0, periodMs - costMs - 4));
  };
  next();
  return {
    wake: () => {
      if (!isStill) return;
      isStill = false;
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      next();
    },
    stop: () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      painted.port1.close();
    },
  };
}

/** Calls back until the pointer is released. */
function followPointer(onMove: (clientX: number) => void): void {
  const move = (event: PointerEvent): void => onMove(event.clientX);
  const end = (): void => {
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', end);
    removeEventListener('pointercancel', end);
  };
  addEventListener('pointermove', move);
  addEventListener('pointerup', end);
  addEventListener('pointercancel', end);
}

/** The instant at the playhead: now, or shortly after the end of the last response. */
function shownHeadMs(store: Store, nowMs: number): number {
  if (!store.isLive) return nowMs;
  const { model } = store.lanes();
  const isGoingOn = model.responses.some(
    ({ outcome }) => outcome === 'playing' || outcome === 'waiting',
  );
  return isGoingOn ? nowMs : Math.min(nowMs, store.source.endMs + HOLD_AFTER_MS);
}

function glide(view: View, targetMs: number, elapsedMs: number): void {
  const distanceMs = targetMs - view.headMs;
  const isGliding = Math.abs(distanceMs) > NO_GLIDE_MS && Math.abs(distanceMs) < MAX_GLIDE_MS;
  view.headMs = isGliding
    ? view.headMs + distanceMs * (1 - Math.exp(-elapsedMs / GLIDE_MS))
    : targetMs;
}

/**
 * Moves whole layers, which the compositor does: painting each frame would take half the time of a slow machine.
 *
 * @returns Whether anything moved.
 */
function shift(
  panel: HTMLElement | null,
  of: { readonly width: number; readonly pxPerMs: number; readonly nowMs: number },
  view: View,
): boolean {
  if (!panel || Number.isNaN(view.headMs)) return false;
  const gutter = gutterOf(of.width);
  const head = headX(of.width);
  for (const content of panel.querySelectorAll<SVGElement>('[data-content]')) {
    const fromMs = Number(content.dataset['content']);
    const x = head - gutter - (view.headMs - view.panMs - fromMs) * of.pxPerMs;
    content.style.transform = `translate3d(${x.toFixed(2)}px, 0, 0)`;
  }
  const headPx = head + view.panMs * of.pxPerMs;
  // While the timeline still glides, the playhead is not at its place yet.
  const lineX = Math.min(headPx, headPx + (of.nowMs - view.headMs) * of.pxPerMs);
  const line = panel.querySelector<SVGElement>('[data-playhead]');
  if (line) line.style.transform = `translate3d(${(lineX - 7).toFixed(2)}px, 0, 0)`;
  const past = panel.querySelector<HTMLElement>('[data-past]');
  const width = `${Math.max(0, lineX - gutter).toFixed(1)}px`;
  if (past && past.style.width !== width) past.style.width = width;
  const before = view.placed;
  view.placed = `${(view.headMs * of.pxPerMs).toFixed(1)} ${headPx.toFixed(1)} ${width}`;
  return view.placed !== before;
}
