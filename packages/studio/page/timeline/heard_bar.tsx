import type { JSX } from 'preact';
import { drawnSoundEndMs, drawnWords, heardLimitMs } from '../model/lanes.ts';
import type { ResponseView } from '../model/response_view.ts';
import type { InaudibleTime } from '../model/trace_model.ts';
import { HEARD_HEIGHT, HEARD_TOP } from './geometry.ts';
import { isolated, type PlacedWord, placeWords, WORD_PADDING } from './place_words.ts';

/** Below this zoom, words would be drawn far after their sound. */
const MIN_PX_PER_MS_FOR_WORDS = 0.08;

interface Props {
  readonly response: ResponseView;
  readonly toX: (atMs: number) => number;
  readonly pxPerMs: number;
  /** Of the words in the bar. */
  readonly type: { readonly size: number; readonly charWidth: number };
}

/** The position of the bar and its words. */
interface HeardBox {
  readonly fromX: number;
  /** Where the sound ends, or will end if nothing cuts it. */
  readonly toX: number;
  readonly words: readonly PlacedWord[];
}

function heardBox({ response, toX, pxPerMs, type }: Props): HeardBox | undefined {
  const { start } = response;
  const endMs = drawnSoundEndMs(response);
  if (!start || endMs === undefined) return undefined;
  const words = drawnWords(response).filter((word) => word.endMs <= endMs + 1);
  const hasRoom = pxPerMs >= MIN_PX_PER_MS_FOR_WORDS;
  const fromX = toX(start.startedAtMs);
  const endX = Math.max(fromX + 2, toX(endMs));
  return {
    fromX,
    toX: endX,
    words: hasRoom ? placeWords(words, toX, type.charWidth, endX) : [],
  };
}

/** The bar of what was heard of a response, with its words. */
export function HeardBar(props: Props): JSX.Element | null {
  const { response, toX, pxPerMs } = props;
  const { start, outcome, headAtMs, endedAtMs, id } = response;
  const box = heardBox(props);
  if (!start || !box) return null;
  const { fromX } = box;
  const heardX = toX(endedAtMs ?? headAtMs ?? start.startedAtMs);
  const boundPx = Math.min(40, start.errorBoundMs * pxPerMs);
  return (
    <g>
      <rect
        class="unheard"
        x={fromX}
        y={HEARD_TOP}
        width={box.toX - fromX}
        height={HEARD_HEIGHT}
        rx="4"
      />
      {/* While the response plays, the layer above shows what was heard. */}
      <Words words={box.words} size={props.type.size} areUnheard={outcome === 'playing'} />
      {outcome !== 'playing' && (
        <g>
          <clipPath id={`heard-${id}`}>
            <rect
              x={fromX}
              y={HEARD_TOP}
              width={Math.max(1, heardX - fromX)}
              height={HEARD_HEIGHT}
              rx="4"
            />
          </clipPath>
          <g clip-path={`url(#heard-${id})`}>
            <Fill box={box} evidence={start.evidence} size={props.type.size} />
          </g>
        </g>
      )}
      {boundPx >= 2 && (
        <rect class="bound" x={fromX - boundPx} y={HEARD_TOP - 3} width={boundPx * 2} height="2" />
      )}
      {outcome === 'cut' && (
        <g class="cut-mark" transform={`translate(${heardX} 0)`}>
          <line y1={HEARD_TOP - 6} y2={HEARD_TOP + HEARD_HEIGHT + 6} />
          <circle cy={HEARD_TOP - 6} r="3" />
        </g>
      )}
    </g>
  );
}

/**
 * The bar of a response that plays, drawn as if all of it had been heard. Its layer ends at the playhead, so a moving
 * playhead repaints nothing. Where reports are missing, the bar stops.
 */
export function PlayingFill(props: Props & { readonly top: number }): JSX.Element | null {
  const { response, top, toX } = props;
  const box = heardBox(props);
  if (!response.start || !box) return null;
  const limitX = Math.max(box.fromX + 2, Math.min(box.toX, toX(heardLimitMs(response))));
  const shown = { ...box, toX: limitX, words: box.words.filter(({ x }) => x < limitX) };
  return (
    <g transform={`translate(0 ${top})`} data-response={response.id}>
      <Fill box={shown} evidence={response.start.evidence} size={props.type.size} />
    </g>
  );
}

/** The parts of the bar that sounded while nobody could hear. Drawn over the bar of what was heard. */
export function InaudibleParts({
  response,
  inaudible,
  toX,
  top,
}: Pick<Props, 'response' | 'toX'> & {
  readonly inaudible: readonly InaudibleTime[];
  readonly top: number;
}): JSX.Element | null {
  const { start, endedAtMs } = response;
  const endMs = endedAtMs ?? drawnSoundEndMs(response);
  if (!start || endMs === undefined) return null;
  const parts = inaudible.flatMap(({ startMs, endMs: overMs = endMs }) => {
    const [fromMs, toMs] = [Math.max(startMs, start.startedAtMs), Math.min(overMs, endMs)];
    return toMs > fromMs ? [{ x: toX(fromMs), width: toX(toMs) - toX(fromMs) }] : [];
  });
  return (
    <g class="response" transform={`translate(0 ${top})`}>
      {parts.map(({ x, width }) => (
        <rect key={x} class="unheard" x={x} y={HEARD_TOP} width={width} height={HEARD_HEIGHT} />
      ))}
    </g>
  );
}

function Fill({
  box,
  evidence,
  size,
}: {
  readonly box: HeardBox;
  readonly evidence: string;
  readonly size: number;
}): JSX.Element {
  return (
    <g class="response">
      <rect
        class={`heard evidence-${evidence}`}
        x={box.fromX}
        y={HEARD_TOP}
        width={box.toX - box.fromX}
        height={HEARD_HEIGHT}
        rx="4"
      />
      <Words words={box.words} size={size} isOverHeard={true} />
    </g>
  );
}

function Words({
  words,
  size,
  areUnheard = false,
  isOverHeard = false,
}: {
  readonly words: readonly PlacedWord[];
  readonly size: number;
  /** All of them, whatever is known of each. */
  readonly areUnheard?: boolean;
  readonly isOverHeard?: boolean;
}): JSX.Element {
  return (
    <text class={isOverHeard ? 'words over' : 'words'} font-size={size} y={HEARD_TOP + 15.5}>
      {words.map(({ text, heard, x }, index) => (
        <tspan
          key={index}
          x={x + WORD_PADDING}
          class={heard && !areUnheard ? 'is-heard' : 'is-unheard'}
        >
          {isolated(text)}
        </tspan>
      ))}
    </text>
  );
}
