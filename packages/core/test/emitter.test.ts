// Tests for SPEC.md, RS11: who gets an event.
import { expect, it } from 'vitest';
import { Emitter } from '../src/emitter.ts';
import { type AgentMs, type OncueEvent, OncueEventTypes } from '../src/index.ts';

const JOINED: OncueEvent = {
  type: 'listener_changed',
  listening: true,
  seq: 1,
  atMs: 5 as AgentMs,
};

it('[RS11] handlers of a type are called in order, then those of all; what one throws is told, and the rest still run', () => {
  const told: unknown[] = [];
  const called: string[] = [];
  const emitter = new Emitter((error, event) => told.push([error, event]));
  emitter.onAny(() => called.push('any'));
  emitter.on('listener_changed', () => {
    throw 'broken';
  });
  emitter.on('listener_changed', () => called.push('first'));
  emitter.on('listener_changed', () => called.push('second'));
  emitter.on('report_dropped', () => called.push('other'));
  emitter.emit(JOINED);

  expect(called).toEqual(['first', 'second', 'any']);
  expect(told).toEqual([['broken', JOINED]]);
});

it('[RS11] a handler that was removed is not called, and removing it again does nothing', () => {
  const called: string[] = [];
  const emitter = new Emitter(() => {});
  const removeOne = emitter.on('listener_changed', () => called.push('one'));
  emitter.on('listener_changed', () => called.push('two'));
  const removeAny = emitter.onAny(() => called.push('any'));
  removeOne();
  removeOne();
  removeAny();
  emitter.emit(JOINED);

  expect(called).toEqual(['two']);
});

it('[RS11] a name that no event has is refused, and what is no handler', () => {
  const emitter = new Emitter(() => {});
  const names = Object.values(OncueEventTypes).join(', ');

  expect(() => emitter.on('started' as 'listener_changed', () => {})).toThrow(
    `there is no event "started"; the events are ${names}`,
  );
  expect(() => emitter.on('listener_changed', 5 as never)).toThrow(
    'the handler of listener_changed',
  );
  expect(() => emitter.onAny(5 as never)).toThrow('the handler of onAny');
});
