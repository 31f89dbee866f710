// Runs in the page before its own code: notes when it was clicked, and when some messages came and went.
{
  let clickedAtMs;
  addEventListener(
    'click',
    () => {
      clickedAtMs = performance.now();
    },
    true,
  );

  /** When the page first reported each response to the agent. */
  const reportedAtMs = {};
  /** When the page got a `clear`. */
  const clearedAtMs = [];
  new BroadcastChannel('bench-messages').onmessage = ({ data }) => {
    const atMs = data.atEpochMs - performance.timeOrigin;
    if (data.responseId === undefined) clearedAtMs.push(atMs);
    else reportedAtMs[data.responseId] ??= atMs;
  };

  /** The player's socket lives in a worker: there its messages are noted, at the instant they come and go. */
  const tapSource = `
    const channel = new BroadcastChannel('bench-messages');
    const reported = new Set();
    const note = (what) =>
      channel.postMessage({ ...what, atEpochMs: performance.timeOrigin + performance.now() });
    globalThis.WebSocket = class extends WebSocket {
      constructor(...of) {
        super(...of);
        this.addEventListener('message', ({ data }) => {
          if (typeof data === 'string' && data.includes('"type":"clear"')) note({});
        });
      }
      send(data) {
        if (typeof data === 'string' && data.includes('"playhead"')) {
          const { responseId } = JSON.parse(data);
          if (!reported.has(responseId)) note({ responseId });
          reported.add(responseId);
        }
        super.send(data);
      }
    };`;
  globalThis.Worker = class extends Worker {
    constructor(url, options) {
      const source = `${tapSource}\nimportScripts(${JSON.stringify(new URL(url, location.href))});`;
      super(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), options);
    }
  };

  globalThis.benchMessages = {
    clickedAtMs: () => clickedAtMs,
    messages: () => ({ reportedAtMs, clearedAtMs }),
  };
}
