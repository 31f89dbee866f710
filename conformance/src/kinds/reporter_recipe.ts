import { FRAME_RATE_HZ, fingerprintOf, renderInto, soundLikeSpeech, toBase64 } from '../sound.ts';

/** A session as a vector describes it. Every instant is on the listener's clock, in ms. */
export interface Recipe {
  readonly sampleRateHz: number;
  readonly untilMs: number;
  readonly responses: readonly RecipeResponse[];
  readonly pings?: readonly number[];
  /** What had not left by then never sounds. */
  readonly clearAtMs?: number;
  /** What had not left by then leaves later by so much. */
  readonly pause?: { readonly atMs: number; readonly forMs: number };
  /** The agent does not say how far that was: nothing of what it stops had left. */
  readonly isLeftUnsaid?: boolean;
  /** From then on the messages are of another session of the agent. */
  readonly newSessionAtMs?: number;
  /** Each message arrives twice, the second copy 60 ms later. */
  readonly doubled?: boolean;
  /** No message of these types arrives. */
  readonly lost?: readonly string[];
  /** Other messages, as text. */
  readonly texts?: readonly { readonly atMs: number; readonly text: string }[];
  /** The user mutes the agent, or listens again. */
  readonly muted?: readonly { readonly atMs: number; readonly muted: boolean }[];
}

/** A response of a session. */
export interface RecipeResponse {
  readonly id: string;
  readonly seed: number;
  readonly ms: number;
  /** When its first sample leaves the agent. */
  readonly leavesAtMs: number;
  /** From then until it sounds. */
  readonly delayMs: number;
  /** From this ms of the response on it sounds later by `byMs`: the jitter buffer has grown. */
  readonly later?: { readonly fromMs: number; readonly byMs: number };
  /** Where its fingerprints begin, ms from its start. */
  readonly piecesAtMs: readonly number[];
  /** It begins with so much of a held vowel. */
  readonly steadyMs?: number;
  /** It never sounds, though it is announced. */
  readonly isSilent?: boolean;
  /** Its announcement and its fingerprints arrive so much later. */
  readonly newsLaterMs?: number;
  /** So much of its beginning was lost on the way, and is silent. */
  readonly lostMs?: number;
  /** From this ms of it on nothing arrives: the network is away. */
  readonly lostFromMs?: number;
  /** The way has changed it so much that none of its pieces can be found. */
  readonly isDistorted?: boolean;
}

/** What the program under test gets. */
export interface ReporterInput {
  /** What was rendered: 16 bit, 48 kHz, mono, base64. Frame 0 sounded at `frameZeroAtMs`. */
  readonly audio: string;
  readonly frameZeroAtMs: number;
  readonly untilMs: number;
  readonly steps: readonly ReporterStep[];
}

/** `text` arrives from the agent, or the user mutes the agent. */
export type ReporterStep =
  | { readonly atMs: number; readonly text: string }
  | { readonly atMs: number; readonly muted: boolean };

interface Said {
  readonly atMs: number;
  readonly laterMs?: number;
  readonly message: Readonly<Record<string, unknown>> & { readonly type: string };
}

const AGENT_AHEAD_MS = 700_000;
const WAY_MS = 15;
const SECOND_COPY_MS = 60;
const FIRST_PIECE_MS = 100;
const PIECE_MS = 150;
const BAND_PER_MS = 8;
/** The session begins. */
const FRAME_ZERO_AT_MS = 1000;

/** Writes out a recipe: what arrives, and what is rendered. */
export function reporterInput(recipe: Recipe): ReporterInput {
  const { untilMs } = recipe;
  const audio = new Int16Array(((untilMs - FRAME_ZERO_AT_MS) * FRAME_RATE_HZ) / 1000);
  for (const response of recipe.responses) render(recipe, response, audio);
  const steps: ReporterStep[] = [
    ...arriving(recipe, saidBy(recipe)),
    ...(recipe.texts ?? []),
    ...(recipe.muted ?? []),
  ];
  return {
    audio: toBase64(audio),
    frameZeroAtMs: FRAME_ZERO_AT_MS,
    untilMs,
    steps: steps.sort((one, other) => one.atMs - other.atMs),
  };
}

/** How much of a response had left the agent at an instant, in samples. */
function leftSamples(recipe: Recipe, { leavesAtMs, ms }: RecipeResponse, atMs: number): number {
  const left = Math.min(ms, Math.max(0, atMs - leavesAtMs));
  return Math.round((left * recipe.sampleRateHz) / 1000);
}

/** By how much what had not left by the pause leaves later. */
function postponedMs(
  { pause }: Recipe,
  { leavesAtMs }: RecipeResponse,
  ofResponseMs: number,
): number {
  return pause && leavesAtMs + ofResponseMs >= pause.atMs ? pause.forMs : 0;
}

/** A part of a response that sounds without a break. */
interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** When its first sample sounds. */
  readonly atMs: number;
}

function stretchesOf(recipe: Recipe, response: RecipeResponse): readonly Stretch[] {
  const { leavesAtMs, delayMs, ms, later } = response;
  const breaks = [later?.fromMs, recipe.pause && recipe.pause.atMs - leavesAtMs]
    .filter((one) => one !== undefined && one > 0 && one < ms)
    .map(Number);
  const edges = [0, ...breaks.sort((one, other) => one - other), ms];
  return edges.slice(0, -1).map((fromMs, index) => {
    const toMs = edges[index + 1] ?? ms;
    const laterMs = later && fromMs >= later.fromMs ? later.byMs : 0;
    const atMs = leavesAtMs + fromMs + delayMs + laterMs + postponedMs(recipe, response, fromMs);
    return { fromMs, toMs, atMs };
  });
}

/** How many samples of a response had sounded at an instant: what a perfect listener reports. */
export function soundedSamples(recipe: Recipe, response: RecipeResponse, atMs: number): number {
  if (response.isSilent) return 0;
  const { sampleRateHz, clearAtMs = Number.POSITIVE_INFINITY } = recipe;
  const sounded = stretchesOf(recipe, response)
    .filter((one) => one.atMs <= atMs)
    .map(({ fromMs, toMs, atMs: beganMs }) => Math.min(toMs, fromMs + atMs - beganMs));
  const most = leftSamples(recipe, response, clearAtMs);
  return Math.min(most, (Math.max(0, ...sounded) * sampleRateHz) / 1000);
}

function render(recipe: Recipe, response: RecipeResponse, audio: Int16Array): void {
  if (response.isSilent) return;
  const { sampleRateHz, clearAtMs = Number.POSITIVE_INFINITY } = recipe;
  const { ms, seed, steadyMs, lostMs = 0, lostFromMs = ms, isDistorted } = response;
  const perMs = sampleRateHz / 1000;
  const samples = soundLikeSpeech(isDistorted ? seed + 1000 : seed, sampleRateHz, ms, steadyMs);
  samples.fill(0, 0, lostMs * perMs);
  samples.fill(0, lostFromMs * perMs);
  const sounds = samples.subarray(0, leftSamples(recipe, response, clearAtMs));
  for (const { fromMs, toMs, atMs } of stretchesOf(recipe, response)) {
    const atFrame = Math.round(((atMs - FRAME_ZERO_AT_MS) * FRAME_RATE_HZ) / 1000);
    // One sample more, so that interpolation reaches the edge.
    renderInto(audio, sounds.subarray(fromMs * perMs, toMs * perMs + 1), sampleRateHz, atFrame);
  }
}

/** What the agent says, in the order in which it says it. */
function saidBy(recipe: Recipe): Said[] {
  const { clearAtMs = Number.POSITIVE_INFINITY, pause, sampleRateHz } = recipe;
  const said: Said[] = [
    { atMs: FRAME_ZERO_AT_MS, message: { type: 'welcome', sampleRateHz } },
    ...(recipe.pings ?? []).map((atMs, index) => ({
      atMs,
      message: { type: 'ping', pingId: index + 1 },
    })),
    ...recipe.responses.flatMap((response) => saidOf(recipe, response)),
  ].filter(({ atMs }) => atMs < clearAtMs);
  if (Number.isFinite(clearAtMs))
    said.push({ atMs: clearAtMs, message: { type: 'clear', ...leftOf(recipe, clearAtMs) } });
  if (pause) {
    said.push({ atMs: pause.atMs, message: { type: 'pause', ...leftOf(recipe, pause.atMs) } });
    said.push({ atMs: pause.atMs + pause.forMs, message: { type: 'resume' } });
  }
  return said.sort((one, other) => one.atMs - other.atMs);
}

/** What a `clear` or `pause` at that instant says. */
export function leftOf(
  recipe: Recipe,
  atMs: number,
): {
  left?: { responseId: string; samples: number };
} {
  if (recipe.isLeftUnsaid) return {};
  const latest = recipe.responses.findLast((one) => leftSamples(recipe, one, atMs) > 0);
  if (!latest) return {};
  return { left: { responseId: latest.id, samples: leftSamples(recipe, latest, atMs) } };
}

function saidOf(recipe: Recipe, response: RecipeResponse): Said[] {
  const { sampleRateHz } = recipe;
  const { id: responseId, leavesAtMs, ms, seed, newsLaterMs: laterMs = 0 } = response;
  const samples = soundLikeSpeech(seed, sampleRateHz, ms, response.steadyMs);
  const pieces = response.piecesAtMs.map((fromMs, index) => {
    const atSample = (fromMs * sampleRateHz) / 1000;
    const atMs = leavesAtMs + fromMs + postponedMs(recipe, response, fromMs);
    const length = (index === 0 ? FIRST_PIECE_MS : PIECE_MS) * BAND_PER_MS;
    const sound = fingerprintOf(samples, sampleRateHz, atSample, length);
    const piece = { responseId, sampleRateHz, atSample, leavesAtMs: atMs + AGENT_AHEAD_MS };
    return { atMs, laterMs, message: { type: 'fingerprint', ...piece, sound } };
  });
  const totalSamples = samples.length;
  return [
    { atMs: leavesAtMs - 60, laterMs, message: { type: 'announce', responseId, sampleRateHz } },
    ...pieces,
    {
      atMs: leavesAtMs + ms * 0.7 + postponedMs(recipe, response, ms * 0.7),
      message: { type: 'end', responseId, totalSamples },
    },
  ];
}

/** The messages as they arrive, each with its envelope. */
function arriving(
  { lost = [], doubled, newSessionAtMs = Number.POSITIVE_INFINITY }: Recipe,
  said: readonly Said[],
): { atMs: number; text: string }[] {
  const firstOfNew = said.findIndex(({ atMs }) => atMs >= newSessionAtMs);
  return said.flatMap(({ atMs, laterMs = 0, message }, index) => {
    if (lost.includes(message.type)) return [];
    const envelope =
      firstOfNew < 0 || index < firstOfNew
        ? { epoch: 'session-1', seq: index + 1 }
        : { epoch: 'session-2', seq: index - firstOfNew + 1 };
    const text = JSON.stringify({ v: 1, ...envelope, ...message });
    const first = { atMs: atMs + WAY_MS + laterMs, text };
    return doubled ? [first, { atMs: first.atMs + SECOND_COPY_MS, text }] : [first];
  });
}
