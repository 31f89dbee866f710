import { createRequire } from 'node:module';
import { inference } from '@livekit/agents';
import { EmbeddedError } from './errors.ts';

/** Loads the native part of LiveKit's VAD as `@livekit/agents` does. */
function loadBinding(): unknown {
  const fromHere = createRequire(import.meta.url);
  return createRequire(fromHere.resolve('@livekit/agents'))('@livekit/local-inference');
}

/**
 * Throws if LiveKit's local VAD would never report speech on this machine.
 *
 * `inference.VAD` needs no key, but its model is in a native module. Where that module has no build
 * (musl, other platforms) or was not installed (`--omit=optional`), agents 1.9.0 logs one warning and
 * never reports speech: the agent starts well and hears nobody.
 *
 * @param load For tests: loads the native module.
 * @throws {EmbeddedError} `EMBEDDED_VAD_UNAVAILABLE`.
 */
export function assertVadAvailable(load: () => unknown = loadBinding): void {
  let binding: unknown;
  try {
    binding = load();
  } catch (cause) {
    throw unavailable(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const isUsable =
    typeof binding === 'object' &&
    binding !== null &&
    'createVad' in binding &&
    typeof binding.createVad === 'function';
  if (!isUsable) throw unavailable('it has no createVad()', undefined);
}

/**
 * LiveKit's local VAD, or an error instead of a VAD that never hears anything.
 *
 * @throws {EmbeddedError} `EMBEDDED_VAD_UNAVAILABLE`.
 */
export function createVad(
  options: ConstructorParameters<typeof inference.VAD>[0] = {},
): inference.VAD {
  assertVadAvailable();
  return new inference.VAD(options);
}

function unavailable(reason: string, cause: unknown): EmbeddedError {
  const message =
    `@livekit/local-inference cannot be used on ${process.platform}-${process.arch}: ${reason}. ` +
    'Install with optional dependencies on macOS, Windows x64 or glibc Linux (on Alpine use a Debian image), or pass another VAD';
  return new EmbeddedError('EMBEDDED_VAD_UNAVAILABLE', message, { cause });
}
