/** Answers stand among the first results, without scrolling. */
export const FIRST = 3;

/** What newcomers ask, in their words, and the section that answers. A page without a section: any of its sections. */
export const QUESTIONS: readonly (readonly [question: string, answer: string])[] = [
  [
    'how do I hang up after the goodbye was heard',
    '/recipes.html#hang-up-after-the-goodbye-was-heard',
  ],
  [
    'log to a database with wall-clock time',
    '/recipes.html#log-to-a-database-with-wall-clock-time',
  ],
  [
    'transcript of what was heard in SQLite',
    '/recipes.html#keep-a-transcript-of-what-was-heard-in-sqlite',
  ],
  ['join pino logs', '/packages/otel.html'],
  [
    'how do I send traces to OpenTelemetry',
    '/recipes.html#send-spans-metrics-and-logs-to-opentelemetry',
  ],
  ['how can I test my agent', '/recipes.html#test-my-agent'],
  ['test without waiting, manual clock', '/recipes.html#without-waiting-the-manual-clock'],
  ['two listeners', '/guide/room.html#several-listeners-who-counts'],
  ['two people in the room listen', '/recipes.html#let-two-people-listen'],
  ['what if the user mutes the agent', '/recipes.html#know-whether-the-user-has-muted-the-agent'],
  ['a malicious page', '/reference/security.html#what-a-listener-can-make-the-agent-believe'],
  [
    'can a malicious page lie',
    '/reference/security.html#what-a-listener-can-make-the-agent-believe',
  ],
  [
    'what does it cost in the page and on the wire',
    '/recipes.html#know-what-it-costs-in-the-page-and-on-the-wire',
  ],
  ['how do I switch it off', '/recipes.html#switch-it-off-in-production'],
  ['does it run on macOS or Windows', '/recipes.html#use-it-from-python-or-on-macos-and-windows'],
  ['Next.js', '/guide/react.html#nextjs'],
  ['React', '/guide/react.html'],
  ['can I use it from Python', '/recipes.html#use-it-from-python-or-on-macos-and-windows'],
  ['write a client in Swift or Kotlin', '/reference/protocol.html'],
  ['which versions of LiveKit', '/versions.html'],
  ['which browsers are supported', '/browsers.html'],
  ['keep a trace', '/recipes.html#keep-a-trace-of-a-session'],
  ['onAny', '/reference/events.html'],
  ['toEpochMs', '/recipes.html#log-to-a-database-with-wall-clock-time'],
  ['what does evidence mean', '/guide/how_sure.html#evidence'],
  ['error bound', '/guide/how_sure.html#error-bound'],
  ['filler then answer', '/recipes.html#say-a-filler-first-then-the-answer'],
  ['show a map at the word', '/recipes.html#show-a-map-at-the-word'],
  [
    'run code exactly when the sound starts',
    '/recipes.html#run-a-task-at-the-very-start-of-the-sound',
  ],
  ['phone call SIP', '/guide/telephony_and_avatars.html'],
  ['avatar', '/guide/telephony_and_avatars.html#with-an-avatar'],
  ['CommonJS require', '/recipes.html#use-it-in-a-commonjs-project'],
  ['ONCUE_FOREIGN_SESSION', '/reference/errors.html#oncue_foreign_session'],
  ['worklet could not be loaded', '/reference/errors.html#worklet_not_loaded'],
  ['how do I install it', '/packages/livekit.html#install'],
  ['what happens when nobody listens', '/guide/defaults.html#nobody-listens'],
  ['difference to Pipecat', '/reference/others.html'],
  ['captions karaoke', '/packages/browser.html'],
  ['why is playbackStarted early', '/guide/why.html'],
  ['what does the page learn, privacy', '/reference/security.html'],
  // Words that the pages do not use for it.
  [
    'end the call once the caller has heard bye',
    '/recipes.html#hang-up-after-the-goodbye-was-heard',
  ],
  ['store the conversation in Postgres', '/recipes.html#log-to-a-database-with-wall-clock-time'],
  ['unit test my bot without audio', '/recipes.html#test-my-agent'],
  ['mock the listener in vitest', '/recipes.html#test-my-agent'],
  ['GDPR personal data', '/reference/security.html#what-a-page-learns'],
  ['how much CPU does it need', '/recipes.html#know-what-it-costs-in-the-page-and-on-the-wire'],
  ['bandwidth', '/recipes.html#know-what-it-costs-in-the-page-and-on-the-wire'],
  ['bundle size', '/recipes.html#know-what-it-costs-in-the-page-and-on-the-wire'],
  ['Twilio', '/guide/telephony_and_avatars.html'],
  ['subtitles', '/packages/browser.html#captions-in-step-with-the-voice'],
  ['highlight the word that is spoken', '/guide/react.html'],
  ['how accurate is it', '/guide/how_sure.html'],
  ['alternatives', '/reference/others.html'],
  ['user talks over the agent', '/guide/why.html#what-was-heard-when-the-user-interrupts'],
  ['voicemail', '/recipes.html#hang-up-after-the-goodbye-was-heard'],
  ['Vue or Svelte', '/guide/react.html#without-the-hooks'],
  ['Android app', '/recipes.html#use-it-from-python-or-on-macos-and-windows'],
  ['nothing happens, no events', '/recipes.html#find-out-why-nothing-happens'],
  ['evidence is always estimate', '/recipes.html#find-out-why-nothing-happens'],
  ['kill switch', '/recipes.html#switch-it-off-in-production'],
  ['plain WebSocket without a room', '/packages/browser.html#the-player-without-livekit'],
  ['OpenAI realtime model', '/guide/existing_agent.html#a-realtime-model'],
  ['upgrade livekit agents', '/versions.html#of-livekit'],
  ['Bluetooth headphones delay', '/guide/why.html#what-happens-between-your-agent-and-the-ear'],
  ['Japanese text without spaces', '/heard_text.html#what-counts-as-a-word'],
];

/** Whether one of the results is the answer, or a section of the page that it names. */
export function isAnswered(answer: string, results: readonly string[]): boolean {
  return results.some((one) => one === answer || (!answer.includes('#') && one.startsWith(answer)));
}
