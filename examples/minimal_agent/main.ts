import { initializeLogger, voice } from '@livekit/agents';
import { FliteTTS, ScriptedLLM } from '@oncue/embedded';
import { type AgentTurn, attachOncue, LocalDevice, OncueAgent } from '@oncue/livekit';

class Concierge extends OncueAgent {
  protected override async *respond(turn: AgentTurn) {
    turn.begin({ onPlaybackStarted: () => console.log('task: look up the way') });
    yield 'One moment. ';
    turn.queueAgentState('thinking');
    turn.begin({ onPlaybackStarted: () => console.log('task: open the map') });
    yield 'It is right behind you.';
  }
}

initializeLogger({ pretty: true, level: 'error' });
// LiveKit needs an LLM even if the agent writes its own answers.
const session = new voice.AgentSession({
  llm: new ScriptedLLM({ script: [] }),
  tts: new FliteTTS(),
});
session.on(voice.AgentSessionEventTypes.AgentStateChanged, (event) => console.log(event.newState));
attachOncue(session, { listener: new LocalDevice() }); // before session.start
await session.start({ agent: new Concierge({ instructions: 'You show the way.' }) });
await session.generateReply({ userInput: 'Where is the station?' }).waitForPlayout();
await session.close();
