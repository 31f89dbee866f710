import { RoomAudioRenderer, SessionProvider, useSession } from '@livekit/components-react';
import { OncueProvider } from '@oncue/react';
import { TokenSource } from 'livekit-client';
import { useState } from 'react';
import { Conversation } from './conversation.tsx';

/** `npm run room` answers this with the address of its server and a token. */
const tokenSource = TokenSource.custom(async () => {
  const { url, token } = (await (await fetch('token')).json()) as { url: string; token: string };
  return { serverUrl: url, participantToken: token };
});

export function App() {
  const session = useSession(tokenSource);
  const [problem, setProblem] = useState<string>();
  const start = async (): Promise<void> => {
    try {
      await session.start({ tracks: { microphone: { enabled: false } } });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <SessionProvider session={session}>
      {/* LiveKit's own player. Oncue silences its elements and plays the track through its audio graph. */}
      <RoomAudioRenderer />
      <OncueProvider room={session.room}>
        <Conversation isConnected={session.isConnected} problem={problem} onStart={start} />
      </OncueProvider>
    </SessionProvider>
  );
}
