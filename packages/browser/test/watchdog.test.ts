import { describe, expect, it } from 'vitest';
import { Watchdog } from '../src/player/watchdog.ts';

function tick(dog: Watchdog, fromMs: number, untilMs: number, stepMs = 50): void {
  for (let atMs = fromMs; atMs <= untilMs; atMs += stepMs) dog.tick(atMs, true);
}

describe('what does not happen', () => {
  it('[BR3] a context that renders nothing for a second does not run', () => {
    const dog = new Watchdog();
    dog.rendered(128);
    expect(dog.isRendering).toBe(false);
    dog.rendered(256);
    expect(dog.isRendering).toBe(true);

    tick(dog, 0, 1050);
    expect(dog.isRendering).toBe(false);
    dog.rendered(384);

    expect(dog.isRendering).toBe(true);
    expect(dog.hasRendered).toBe(true);
  });

  it('[BR12] an agent that pinged and is silent for five seconds is gone; one that never pings is not', () => {
    const silent = new Watchdog();
    silent.heardOfAgent(false);
    tick(silent, 0, 20_000);
    expect(silent.agentIsSilent).toBe(false);

    silent.heardOfAgent(true);
    tick(silent, 20_000, 24_950);
    expect(silent.agentIsSilent).toBe(false);
    tick(silent, 25_000, 25_050);

    expect(silent.agentIsSilent).toBe(true);
  });

  it('[BR12] a page that was stopped itself does not blame the agent', () => {
    const dog = new Watchdog();
    dog.heardOfAgent(true);
    dog.tick(0, true);

    dog.tick(60_000, true);

    expect(dog.agentIsSilent).toBe(false);
  });
});
