import type { Scenario } from '../scenario.ts';
import { cuts, slowCuts, untimedCuts } from './cuts.ts';
import { inAdvance } from './in_advance.ts';
import {
  brokenOff,
  interruptions,
  oddTexts,
  oddTimes,
  otherTools,
  saidOtherwise,
} from './inputs.ts';
import { limits, moreMishaps, wrappedTwice } from './inputs_twice.ts';
import {
  agentTasks,
  avatars,
  avatarsThatDie,
  deviceSituations,
  fallback,
  otherOutputs,
  realtime,
  recorded,
  recordedAbsence,
  situations,
  thinkingSound,
  wrapped,
} from './kinds.ts';
import {
  companions,
  listenersCut,
  listenersWhole,
  muted,
  network,
  newVisits,
  presence,
  reloaded,
} from './listeners.ts';
import { mishaps, oddTokens, oddVoices, oneOfTwoMuted, outputsTwice } from './mishaps.ts';
import { outageEnds, outageEndsSaid, outageStarts } from './outage_ends.ts';
import { outages } from './outages.ts';
import { audioSwitched, consoleMode, otherOutput, textMode } from './outputs.ts';
import { shortResponses, shortResponsesDie } from './short_responses.ts';
import { silences, silencesOtherwise, silencesThatEnd, silencesTypedInto } from './silences.ts';
import { askedAgain, closed, empty, many, paused, said, tools } from './turns.ts';
import { halfWords, scripts, slowTokens, voices, voicesCut } from './voices.ts';

/** Every scenario that is compared. */
export const SCENARIOS: readonly Scenario[] = [
  ...cuts,
  ...slowCuts,
  ...untimedCuts,
  ...voices,
  ...voicesCut,
  ...halfWords,
  ...scripts,
  ...slowTokens,
  ...textMode,
  ...audioSwitched,
  ...otherOutput,
  ...consoleMode,
  ...tools,
  ...said,
  ...askedAgain,
  ...empty,
  ...many,
  ...closed,
  ...paused,
  ...listenersWhole,
  ...listenersCut,
  ...presence,
  ...network,
  ...newVisits,
  ...muted,
  ...reloaded,
  ...situations,
  ...deviceSituations,
  ...agentTasks,
  ...wrapped,
  ...realtime,
  ...fallback,
  ...recorded,
  ...recordedAbsence,
  ...avatars,
  ...avatarsThatDie,
  ...shortResponses,
  ...shortResponsesDie,
  ...otherOutputs,
  ...inAdvance,
  ...companions,
  ...thinkingSound,
  ...oneOfTwoMuted,
  ...mishaps,
  ...outputsTwice,
  ...oddTokens,
  ...oddVoices,
  ...interruptions,
  ...saidOtherwise,
  ...oddTimes,
  ...oddTexts,
  ...brokenOff,
  ...otherTools,
  ...moreMishaps,
  ...wrappedTwice,
  ...limits,
  ...silences,
  ...silencesThatEnd,
  ...silencesTypedInto,
  ...silencesOtherwise,
  ...outages,
  ...outageEnds,
  ...outageEndsSaid,
  ...outageStarts,
];
