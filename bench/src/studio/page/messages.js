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

  /** When the page first told the agent of each response that it sounds. */
  const toldAtMs = {};
  /** When the page was told to be silent. */
  const clearedAtMs = [];
  globalThis.WebSocket = class extends WebSocket {
    constructor(...of) {
      super(...of);
      this.addEventListener('message', ({ data }) => {
        if (typeof data === 'string' && data.includes('"type":"clear"'))
          clearedAtMs.push(performance.now());
      });
    }

    send(data) {
      if (typeof data === 'string' && data.includes('"playhead"')) {
        const { responseId } = JSON.parse(data);
        toldAtMs[responseId] ??= performance.now();
      }
      super.send(data);
    }
  };

  globalThis.benchMessages = {
    clickedAtMs: () => clickedAtMs,
    nowEpochMs: () => performance.timeOrigin + performance.now(),
    timeOriginMs: () => performance.timeOrigin,
    messages: () => ({ toldAtMs, clearedAtMs }),
  };
}
