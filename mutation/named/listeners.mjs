/**
 * What a listener may claim, the gate, the clocks, the functions of tasks.
 *
 * @type {readonly import('./mutant.d.ts').NamedMutant[]}
 */
export const LISTENER_MUTANTS = [
  {
    name: 'a bound of 10,000 s is taken',
    file: 'step/claims/physics.ts',
    from: 'const MAX_ERROR_BOUND_MS = 10_000;',
    to: 'const MAX_ERROR_BOUND_MS = 10_000_000;',
  },
  {
    name: 'a page may report only 100 ms ahead of the ear',
    file: 'step/claims/physics.ts',
    from: 'const MAX_AHEAD_MS = 1000;',
    to: 'const MAX_AHEAD_MS = 100;',
  },
  {
    name: 'a page may report 10 s ahead of the ear',
    file: 'step/claims/physics.ts',
    from: 'const MAX_AHEAD_MS = 1000;',
    to: 'const MAX_AHEAD_MS = 10_000;',
  },
  {
    name: 'a stated bound of 10 s is leeway for 10 s',
    file: 'step/claims/physics.ts',
    from: 'const MAX_LEEWAY_MS = 1000;',
    to: 'const MAX_LEEWAY_MS = 10_000;',
  },
  {
    name: 'a listener may catch up by 2 s',
    file: 'step/claims/physics.ts',
    from: 'const CATCH_UP_MS = 200;',
    to: 'const CATCH_UP_MS = 2000;',
  },
  {
    name: 'a listener may play twice as fast',
    file: 'step/claims/physics.ts',
    from: 'const MAX_RATE = 1.05;',
    to: 'const MAX_RATE = 2;',
  },
  {
    name: 'a path of a minute is learned',
    file: 'step/claims/physics.ts',
    from: 'const MAX_PATH_MS = 5000;',
    to: 'const MAX_PATH_MS = 60_000;',
  },
  {
    name: 'a path that is measured as less than nothing, within its bound, is learned so',
    file: 'step/claims/physics.ts',
    from: '  return Math.max(0, observedMs);',
    to: '  return observedMs;',
  },
  {
    name: 'the functions of tasks whose response has ended are kept',
    file: 'application/application_side.ts',
    from: '      this.tasks.forget(event.responseId);\n',
    to: '',
  },
  {
    name: 'the functions of tasks that came too late are kept',
    file: 'timeline.ts',
    from: '      this.#application?.tasks.forget(input.responseId);\n',
    to: '',
  },
  {
    name: 'the functions of tasks that ran are kept',
    file: 'application/task_runner.ts',
    from: '    this.#bound.delete(event.taskId);\n',
    to: '',
  },
  {
    name: 'a task runs before the listeners of its event',
    file: 'timeline.ts',
    from: '    this.#emitter.emit(event);\n    if (application) application.delivered(event);',
    to: '    if (application) application.delivered(event);\n    this.#emitter.emit(event);\n    if (application);',
  },
  {
    name: 'the listeners of an abort run before the abort',
    file: 'timeline.ts',
    from: "    if (event.type === 'task_aborted') application?.tasks.abort(event.taskId, event.reason);\n    this.#emitter.emit(event);",
    to: "    this.#emitter.emit(event);\n    if (event.type === 'task_aborted') application?.tasks.abort(event.taskId, event.reason);",
  },
  {
    name: 'a page that was loaded again keeps the clock of the one before',
    file: 'wire/listener_gate.ts',
    from: '    this.clockMap.reset();\n',
    to: '',
  },
  {
    name: 'a page that was loaded again may answer pings to the one before',
    file: 'wire/listener_gate.ts',
    from: '    this.#pings.clear();\n',
    to: '',
  },
  {
    name: 'the bound of the clock map is not added',
    file: 'wire/listener_gate.ts',
    from: 'message.errorBoundMs + mapBoundMs;',
    to: 'message.errorBoundMs;',
  },
  {
    name: 'the bound of the clock map is that of the start alone',
    file: 'wire/listener_gate.ts',
    from: 'Math.max(start.errorBoundMs, position.errorBoundMs)',
    to: 'start.errorBoundMs',
  },
  {
    name: 'the bound of the clock map is that of the position alone',
    file: 'wire/listener_gate.ts',
    from: 'Math.max(start.errorBoundMs, position.errorBoundMs)',
    to: 'position.errorBoundMs',
  },
  {
    name: 'unanswered pings are kept for ever',
    file: 'wire/listener_gate.ts',
    from: 'if (this.#pings.size > PINGS_KEPT) ',
    to: 'if (this.#pings.size > 1_000_000) ',
  },
  {
    name: 'past epochs are kept for ever',
    file: 'wire/listener_gate.ts',
    from: '.slice(-EPOCHS_KEPT)',
    to: '',
  },
  {
    name: 'past epochs are forgotten at once',
    file: 'wire/listener_gate.ts',
    from: '.slice(-EPOCHS_KEPT)',
    to: '.slice(-1)',
  },
  {
    name: 'round trips are kept for ever',
    file: 'wire/clock_map.ts',
    from: '    if (this.#samples.length > SAMPLES_KEPT) this.#samples.shift();\n',
    to: '',
  },
  {
    name: 'a burst has no limit after a silence',
    file: 'wire/rate_limit.ts',
    from: 'Math.min(this.#burst, this.#tokens + (sinceMs * this.#perSecond) / 1000)',
    to: 'this.#tokens + (sinceMs * this.#perSecond) / 1000',
  },
  {
    name: 'a number is refused for one that is a window older',
    file: 'wire/replay_window.ts',
    from: 'this.#seen[place] === seq ||',
    to: 'this.#seen[place] !== undefined ||',
  },
  {
    name: 'a message older than the window is taken',
    file: 'wire/replay_window.ts',
    from: ' || seq <= this.#highest - this.#size',
    to: '',
  },
  {
    name: 'a message of any length is parsed',
    file: 'wire/fields.ts',
    from: 'raw.length > MAX_WIRE_CHARS',
    to: 'false',
  },
  {
    name: 'an id of any length is taken',
    file: 'wire/fields.ts',
    from: ' && value.length <= MAX_ID_CHARS',
    to: '',
  },
  {
    name: 'an instant of any size is taken',
    file: 'wire/fields.ts',
    from: ' && Math.abs(value) <= MAX_NUMBER',
    to: '',
  },
  {
    name: 'the breaks kept of a response have no limit',
    file: 'step/claims/leaving.ts',
    from: 'runs.length < RUNS_KEPT ? runs : runs.toSpliced(1, 1)',
    to: 'runs',
  },
];
