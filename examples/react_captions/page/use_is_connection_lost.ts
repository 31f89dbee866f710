import { useConnectionState } from '@livekit/components-react';
import { ConnectionState } from 'livekit-client';

/** Whether the page has lost its connection to the room and tries to get it back: then nobody knows what the agent does. */
export function useIsConnectionLost(): boolean {
  const state = useConnectionState();
  return state === ConnectionState.Reconnecting || state === ConnectionState.SignalReconnecting;
}
