import {
  type ListenerEnvelope,
  type ListenerMessage,
  type Playhead,
  parseListenerMessage,
} from '@oncue/core/wire';
import { type Recipe, type ReporterStep, reporterInput } from './reporter_recipe.ts';
import { type ExpectedResponse, type Report, responseProblems } from './response_judge.ts';

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

/** Within so much an end answers a message. */
const ANSWER_WITHIN_MS = 100;
const MOST_MESSAGES_A_SECOND = 40;

type Message = ListenerMessage & ListenerEnvelope;
type Sent<T extends Message = Message> = { readonly atMs: number; readonly message: T };

/** One sentence for each thing that is wrong with what a reporter sent. */
export function problemsOf(
  recipe: Recipe,
  expected: Expected,
  output: readonly SentMessage[],
): string[] {
  const { steps, frameZeroAtMs, untilMs } = reporterInput(recipe);
  const sent: Sent[] = [];
  for (const { atMs, text } of output) {
    const parsed = parseListenerMessage(text);
    if (!parsed.ok) return [`this is no message of a listener (${parsed.reason}): ${text}`];
    if (!(atMs >= (sent.at(-1)?.atMs ?? frameZeroAtMs) && atMs <= untilMs))
      return [
        `a message at ${atMs} is out of order, or not between ${frameZeroAtMs} and ${untilMs}`,
      ];
    sent.push({ atMs, message: parsed.message });
  }
  return [
    ...envelopeProblems(sent),
    ...visitProblems(steps, sent),
    ...pongProblems(steps, sent),
    ...audibilityProblems(expected, steps, sent),
    ...playheadProblems(recipe, expected, sent),
  ];
}

function envelopeProblems(sent: readonly Sent[]): string[] {
  const problems: string[] = [];
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

/** The visit begins with `hello`, each `welcome` is answered with one, and nothing ends the visit. */
function visitProblems(steps: readonly ReporterStep[], sent: readonly Sent[]): string[] {
  const problems: string[] = [];
  if (sent[0]?.message.type !== 'hello') problems.push('the first message is not hello');
  if (sent.some(({ message }) => message.type === 'bye'))
    problems.push('it says bye, and can still hear');
  for (const [, atMs] of firstArrivals(steps, 'welcome', ({ seq }) => seq)) {
    const isAnswered = sent.some(
      (one) =>
        one.message.type === 'hello' && one.atMs >= atMs && one.atMs <= atMs + ANSWER_WITHIN_MS,
    );
    if (!isAnswered) problems.push(`no hello follows the welcome at ${atMs}`);
  }
  return problems;
}

function pongProblems(steps: readonly ReporterStep[], sent: readonly Sent[]): string[] {
  const asked = firstArrivals(steps, 'ping', ({ pingId }) => pingId);
  const pongs = sent.flatMap(({ atMs, message }) =>
    message.type === 'pong' ? [{ atMs, message }] : [],
  );
  const stray = pongs.find(({ message }) => !asked.has(message.pingId));
  return [
    ...(stray ? [`a pong for ping ${stray.message.pingId}, which did not arrive`] : []),
    ...[...asked].flatMap(([pingId, askedAtMs]) => {
      const [pong, ...more] = pongs.filter(({ message }) => message.pingId === pingId);
      if (!pong || more.length > 0)
        return [`ping ${pingId} has ${pong ? more.length + 1 : 0} answers`];
      const { receivedAtMs, sentAtMs } = pong.message;
      const isRight =
        Math.abs(receivedAtMs - askedAtMs) <= 1 &&
        sentAtMs >= receivedAtMs &&
        Math.abs(sentAtMs - pong.atMs) <= 1;
      return isRight && pong.atMs - askedAtMs <= ANSWER_WITHIN_MS
        ? []
        : [`the pong for ping ${pingId} has wrong instants`];
    }),
  ];
}

/** When each message of a type first arrived, by a field that names it. */
function firstArrivals(
  steps: readonly ReporterStep[],
  type: string,
  nameOf: (message: Readonly<Record<string, number>>) => number | undefined,
): Map<number, number> {
  const first = new Map<number, number>();
  for (const step of steps) {
    if (!('text' in step)) continue;
    // A packet may hold several messages.
    for (const text of step.text.split('\n')) {
      if (!text.includes(`"${type}"`)) continue;
      const message = JSON.parse(text);
      const name = nameOf(message);
      if (message.type === type && name !== undefined && !first.has(name))
        first.set(name, step.atMs);
    }
  }
  return first;
}

function audibilityProblems(
  { audibility = [] }: Expected,
  steps: readonly ReporterStep[],
  sent: readonly Sent[],
): string[] {
  const said = sent.flatMap(({ atMs, message }) =>
    message.type === 'audibility' ? [{ atMs, message }] : [],
  );
  const words = said.map(({ message }) => message.audibility).join();
  if (words !== audibility.join())
    return [`audibility was [${words}]; it should be [${audibility.join()}]`];
  const changedAtMs = steps.flatMap((step) => ('muted' in step ? [step.atMs] : []));
  return said.flatMap(({ atMs, message }, at) => {
    const changed = changedAtMs[at] ?? 0;
    const isRight = Math.abs(message.sinceMs - changed) <= 1 && atMs - changed <= ANSWER_WITHIN_MS;
    return isRight ? [] : [`${message.audibility} has another instant than ${changed}`];
  });
}

function playheadProblems(
  recipe: Recipe,
  { responses }: Expected,
  sent: readonly Sent[],
): string[] {
  const reports = sent.filter((one): one is Report => isPlayhead(one.message));
  const ids = new Set(responses.map(({ id }) => id));
  const stray = reports.find(({ message }) => !ids.has(message.responseId));
  return [
    ...(stray ? [`a report of ${stray.message.responseId}, which is not known`] : []),
    ...responses.flatMap((response) =>
      responseProblems(
        recipe,
        response,
        reports.filter(({ message }) => message.responseId === response.id),
      ),
    ),
  ];
}

function isPlayhead(message: Message): message is Playhead & ListenerEnvelope {
  return message.type === 'playhead';
}
