import {
  type ListenerEnvelope,
  type ListenerMessage,
  type Playhead,
  parseListenerMessage,
} from '@oncue/core/wire';
import type { ReporterInput } from './reporter_recipe.ts';

/** What a reporter sent, and when, on its own clock. */
export interface SentMessage {
  readonly atMs: number;
  readonly text: string;
}

/** What must be known of a session when it is over. */
export interface Expected {
  readonly responses: readonly ExpectedResponse[];
  /** In order; `[]` if the user does nothing. */
  readonly audibility?: readonly ('muted' | 'listening')[];
}

/** What must be known of a response. */
export interface ExpectedResponse {
  readonly id: string;
  /** `unheard`: nothing is claimed to be heard of it. */
  readonly phase: 'ended' | 'cut' | 'unheard';
  readonly heardSamples: number;
  /** When its first and its last sample sounded. Absent if none did. */
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
}

/** The widest bound of a start that was measured, ms. */
const MOST_BOUND_MS = 30;
const ROUNDING_MS = 1;
/** The end is known from the last fingerprint, which may lie 600 ms before it. */
const END_TOLERANCE_MS = 15;
/** An agent takes no report of what sounds later than this. */
const MOST_AHEAD_MS = 1000;
const PONG_WITHIN_MS = 100;
const MOST_MESSAGES_A_SECOND = 40;

type Message = ListenerMessage & ListenerEnvelope;
type Sent<T extends Message = Message> = { readonly atMs: number; readonly message: T };
type Report = Sent<Playhead & ListenerEnvelope>;

/** One sentence for each thing that is wrong with what a reporter sent. */
export function problemsOf(
  input: ReporterInput,
  expected: Expected,
  output: readonly SentMessage[],
): string[] {
  const sent: Sent[] = [];
  for (const { atMs, text } of output) {
    const parsed = parseListenerMessage(text);
    if (!parsed.ok) return [`this is no message of a listener (${parsed.reason}): ${text}`];
    sent.push({ atMs, message: parsed.message });
  }
  const playheads = sent.filter((one): one is Report => one.message.type === 'playhead');
  return [
    ...envelopeProblems(sent),
    ...pongProblems(input, sent),
    ...audibilityProblems(expected, sent),
    ...expected.responses.flatMap((response) =>
      responseProblems(
        response,
        playheads.filter(({ message }) => message.responseId === response.id),
      ),
    ),
  ];
}

function envelopeProblems(sent: readonly Sent[]): string[] {
  const problems: string[] = [];
  if (sent[0]?.message.type !== 'hello') problems.push('the first message is not hello');
  if (new Set(sent.map(({ message }) => message.epoch)).size > 1)
    problems.push('the epoch changes');
  const seqs = sent.map(({ message }) => message.seq);
  if (seqs.some((seq, index) => seq !== index + 1)) problems.push('seq does not count 1, 2, 3, …');
  for (const { atMs } of sent) {
    const inSecond = sent.filter((one) => one.atMs >= atMs && one.atMs < atMs + 1000).length;
    if (inSecond <= MOST_MESSAGES_A_SECOND) continue;
    problems.push(
      `${inSecond} messages in the second from ${atMs}; ${MOST_MESSAGES_A_SECOND} are enough`,
    );
    break;
  }
  return problems;
}

function pongProblems({ steps }: ReporterInput, sent: readonly Sent[]): string[] {
  const asked = new Map<number, number>();
  for (const step of steps) {
    const ping = 'text' in step ? pingIn(step.text) : undefined;
    if (ping !== undefined && !asked.has(ping)) asked.set(ping, step.atMs);
  }
  return [...asked].flatMap(([pingId, atMs]) => {
    const pongs = sent.filter(
      ({ message }) => message.type === 'pong' && message.pingId === pingId,
    );
    const [pong] = pongs;
    if (pongs.length !== 1 || pong?.message.type !== 'pong')
      return [`ping ${pingId} has ${pongs.length} answers`];
    const { receivedAtMs, sentAtMs } = pong.message;
    const isRight =
      Math.abs(receivedAtMs - atMs) <= 1 &&
      sentAtMs >= receivedAtMs &&
      Math.abs(sentAtMs - pong.atMs) <= 1;
    return isRight && pong.atMs - atMs <= PONG_WITHIN_MS
      ? []
      : [`the pong for ping ${pingId} has wrong instants`];
  });
}

function pingIn(text: string): number | undefined {
  if (!text.includes('"ping"')) return undefined;
  const message = JSON.parse(text) as { readonly type?: string; readonly pingId?: number };
  return message.type === 'ping' ? message.pingId : undefined;
}

function audibilityProblems({ audibility = [] }: Expected, sent: readonly Sent[]): string[] {
  const said = sent.flatMap(({ message }) =>
    message.type === 'audibility' ? [message.audibility] : [],
  );
  return said.join() === audibility.join()
    ? []
    : [`audibility was [${said.join()}]; it should be [${audibility.join()}]`];
}

function responseProblems(expected: ExpectedResponse, reports: readonly Report[]): string[] {
  const { id } = expected;
  const problem = (text: string): string[] => [`${id}: ${text}`];
  const claims = reports.filter(({ message }) => message.heardSamples > 0);
  if (expected.phase === 'unheard')
    return claims.some(({ message }) => message.evidence === 'device')
      ? problem('it is claimed to be heard, and never sounded')
      : [];
  const last = reports.at(-1)?.message;
  if (!last) return problem('nothing is reported');
  const { phase, heardSamples } = expected;
  // A `clear` that came when all had left cuts nothing.
  const isPhase = last.phase === phase || (phase === 'ended' && last.phase === 'cut');
  if (!isPhase || last.heardSamples !== heardSamples)
    return problem(
      `the last report says ${last.phase} at ${last.heardSamples}; it should say ${phase} at ${heardSamples}`,
    );
  return [
    ...claimProblems(expected, claims).flatMap(problem),
    ...endProblems(expected, last).flatMap(problem),
  ];
}

/** The first thing that is wrong with the claims of a response. */
function claimProblems(expected: ExpectedResponse, claims: readonly Report[]): string[] {
  let before = 0;
  for (const claim of claims) {
    const problem = startProblem(expected, claim) ?? positionProblem(expected, claim, before);
    if (problem !== undefined) return [problem];
    before = claim.message.heardSamples;
  }
  return [];
}

function startProblem(
  { startedAtMs = 0 }: ExpectedResponse,
  { atMs, message }: Report,
): string | undefined {
  const { startedAtMs: claimed, errorBoundMs, evidence } = message;
  const offMs = Math.abs(claimed - startedAtMs);
  if (evidence !== 'device') return `evidence is ${evidence}; the start can be measured`;
  if (offMs > errorBoundMs + ROUNDING_MS)
    return `the start is ${offMs} ms off, its bound is ${errorBoundMs} ms`;
  if (errorBoundMs > MOST_BOUND_MS)
    return `the bound of the start is ${errorBoundMs} ms; ${MOST_BOUND_MS} will do`;
  return claimed > atMs + MOST_AHEAD_MS
    ? `a start is reported ${claimed - atMs} ms ahead`
    : undefined;
}

function positionProblem(
  { endedAtMs = 0, heardSamples }: ExpectedResponse,
  { atMs, message }: Report,
  before: number,
): string | undefined {
  if (message.heardSamples < before) return 'the position goes back';
  if (message.heardSamples > heardSamples) return 'more is claimed than was sent';
  const isOver = message.phase !== 'playing';
  const isEarly = isOver && atMs < endedAtMs - END_TOLERANCE_MS;
  return isEarly ? 'the end is reported before it sounded' : undefined;
}

function endProblems({ endedAtMs }: ExpectedResponse, { positionAtMs }: Playhead): string[] {
  if (endedAtMs === undefined) return [];
  const offMs = Math.abs(positionAtMs - endedAtMs);
  return offMs <= END_TOLERANCE_MS ? [] : [`the end is ${offMs} ms off`];
}
