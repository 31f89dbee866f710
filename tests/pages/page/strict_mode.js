// What the tests of StrictMode and of Next.js render: the hooks, and the player and the reporter in effects of their own.
'use client';
import { connectPlayer } from '@oncue/browser';
import { attachReporter } from '@oncue/browser/reporter';
import { OncueProvider, useReporter } from '@oncue/react';
import { Room } from 'livekit-client';
import { createElement, StrictMode, useEffect, useState } from 'react';

export function App() {
  const [room] = useState(() => new Room());
  const page = createElement(OncueProvider, { room }, createElement(Hooks), createElement(Effects));
  return createElement(StrictMode, null, page);
}

function Hooks() {
  const { state, start, error } = useReporter();
  useEffect(() => void start(), [start]);
  return createElement('p', { id: 'hooks' }, error ? error.message : state);
}

function Effects() {
  const [room] = useState(() => new Room());
  const [player, setPlayer] = useState('none');
  const [reporter, setReporter] = useState('none');
  useEffect(() => {
    const connected = connectPlayer({ url: globalThis.agentUrl ?? '/agent' });
    connected.on('state', setPlayer);
    connected.on('error', (error) => setPlayer(error.message));
    connected.start();
    return () => connected.close();
  }, []);
  useEffect(() => {
    const attached = attachReporter(room);
    attached.on('error', (error) => setReporter(error.message));
    void attached.start().then(() => setReporter(attached.state));
    return () => attached.close();
  }, [room]);
  return createElement('p', { id: 'effects' }, `${player} ${reporter}`);
}
