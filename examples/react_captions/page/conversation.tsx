import { useRoomContext, useVoiceAssistant } from '@livekit/components-react';
import { type CaptionMode, useAgentHeardState, useReporter } from '@oncue/react';
import { type FormEvent, useState } from 'react';
import { HeardCaption } from './heard_caption.tsx';
import { Responses } from './responses.tsx';
import { useIsConnectionLost } from './use_is_connection_lost.ts';

const MODES: readonly CaptionMode[] = ['karaoke', 'captions', 'instant'];

export interface ConversationProps {
  readonly isConnected: boolean;
  readonly problem: string | undefined;
  readonly onStart: () => Promise<void>;
}

export function Conversation({ isConnected, problem, onStart }: ConversationProps) {
  const [mode, setMode] = useState<CaptionMode>('karaoke');
  return (
    <main>
      <header>
        <h1>Captions in step with the voice</h1>
        {isConnected && <AgentState />}
      </header>
      <section className="stage" aria-label="Caption">
        {isConnected ? (
          <HeardCaption
            mode={mode}
            placeholder="Ask the way. A second question interrupts the answer."
          />
        ) : (
          <Welcome problem={problem} onStart={onStart} />
        )}
      </section>
      {isConnected && (
        <>
          <Question />
          <fieldset className="modes">
            <legend>Captions</legend>
            {MODES.map((one) => (
              <label key={one}>
                <input
                  type="radio"
                  name="mode"
                  checked={mode === one}
                  onChange={() => setMode(one)}
                />
                {one}
              </label>
            ))}
          </fieldset>
          <Responses />
        </>
      )}
    </main>
  );
}

function Welcome({ problem, onStart }: Omit<ConversationProps, 'isConnected'>) {
  return (
    <div className="welcome">
      <p>
        Each word lights up when it has sounded <em>in this page</em>. Interrupt the agent, and the
        caption keeps what you heard.
      </p>
      <button type="button" id="start" onClick={() => void onStart()}>
        Start
      </button>
      {problem && <p role="alert">{problem}</p>}
    </div>
  );
}

/** What the page hears, and beside it what LiveKit says: that comes a little later. */
function AgentState() {
  const heard = useAgentHeardState();
  const { state: told } = useVoiceAssistant();
  const { state, start, error } = useReporter();
  const isLost = useIsConnectionLost();
  if (state === 'blocked')
    return (
      <button type="button" onClick={() => void start()}>
        Allow sound
      </button>
    );
  if (isLost) return <p className="state">connection lost, trying again</p>;
  return (
    <p className="state" data-state={heard ?? 'away'} title={`LiveKit: ${told}. Page: ${state}`}>
      {error ? error.message : (heard ?? 'waiting for the agent')}
      {heard === 'speaking' && state === 'muted' && ', muted here'}
    </p>
  );
}

function Question() {
  const room = useRoomContext();
  // A question that is sent before the agent has joined reaches nobody.
  const isAgentThere = useAgentHeardState() !== undefined;
  const [text, setText] = useState('Where is the station?');
  const [isMicOn, setMicOn] = useState(false);
  const [problem, setProblem] = useState<string>();
  const ask = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() && isAgentThere)
      void room.localParticipant.sendText(text, { topic: 'lk.chat' });
  };
  const toggle = async (): Promise<void> => {
    try {
      await room.localParticipant.setMicrophoneEnabled(!isMicOn);
      setMicOn(!isMicOn);
      setProblem(undefined);
    } catch {
      setProblem('No microphone. Typed questions work without one.');
    }
  };
  return (
    <form className="question" onSubmit={ask}>
      <input
        aria-label="Question"
        value={text}
        onChange={({ target }) => setText(target.value)}
        dir="auto"
      />
      <button type="submit" disabled={!isAgentThere}>
        Ask
      </button>
      <button type="button" aria-pressed={isMicOn} onClick={() => void toggle()}>
        {isMicOn ? 'Mute' : 'Speak'}
      </button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}
