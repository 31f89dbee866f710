import { type Profiler, Session } from 'node:inspector';

/** Whose code the processor's time went to, in ms. */
export interface Shares {
  readonly oncueMs: number;
  /** The local device, which stands for a sound card. Both sides have it, and in a room Oncue does not. */
  readonly deviceMs: number;
  readonly busyMs: number;
}

/** Microseconds between samples. At 250 the profiler's own cost does not change the shares. */
const SAMPLE_EVERY_US = 250;

const NOT_BUSY: ReadonlySet<string> = new Set(['(idle)', '(program)', '(root)']);

/** Samples the stack while `work` runs. */
export async function profile(work: () => Promise<unknown>): Promise<Shares> {
  const inspector = new Session();
  inspector.connect();
  await post(inspector, 'Profiler.enable');
  await post(inspector, 'Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
  await post(inspector, 'Profiler.start');
  await work();
  const taken = await new Promise<Profiler.Profile>((resolve, reject) => {
    inspector.post('Profiler.stop', (error, result) =>
      error ? reject(error) : resolve(result.profile),
    );
  });
  inspector.disconnect();
  return sharesOf(taken);
}

function post(inspector: Session, method: string, params: object = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    inspector.post(method, params, (error) => (error ? reject(error) : resolve()));
  });
}

function sharesOf(taken: Profiler.Profile): Shares {
  const owners = ownersOf(taken);
  const ms = { oncue: 0, device: 0, other: 0, idle: 0 };
  for (const [place, id] of (taken.samples ?? []).entries()) {
    ms[owners.get(id) ?? 'other'] += (taken.timeDeltas?.[place] ?? 0) / 1000;
  }
  return { oncueMs: ms.oncue, deviceMs: ms.device, busyMs: ms.oncue + ms.device + ms.other };
}

type Owner = 'oncue' | 'device' | 'other' | 'idle';

/**
 * Code of the engine and of Node (JSON, arrays, promises, streams) counts for its caller. Without a caller, after an
 * `await` for example, it counts as `other`; the other method of measuring includes it.
 */
function ownersOf(taken: Profiler.Profile): ReadonlyMap<number, Owner> {
  const owners = new Map<number, Owner>();
  const nodes = new Map(taken.nodes.map((node) => [node.id, node]));
  const visit = (id: number, caller: Owner): void => {
    const node = nodes.get(id);
    if (!node) return;
    const { functionName, url } = node.callFrame;
    const owner = NOT_BUSY.has(functionName) ? 'idle' : (ownerOfFile(url) ?? caller);
    owners.set(id, owner);
    for (const child of node.children ?? []) visit(child, owner === 'idle' ? 'other' : owner);
  };
  const root = taken.nodes[0];
  if (root) visit(root.id, 'other');
  return owners;
}

function ownerOfFile(url: string): Owner | undefined {
  if (url === '' || url.startsWith('node:')) return undefined;
  if (url.includes('/local_device.')) return 'device';
  return /\/packages\/(core|livekit)\/|\/@oncue\/(core|livekit)\//.test(url) ? 'oncue' : 'other';
}
