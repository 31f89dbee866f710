/** Replaces metadata that JSON cannot encode. */
const UNENCODABLE = '[metadata that JSON cannot encode]';

/**
 * Copies metadata, as JSON, when it is first seen.
 *
 * An application may later change the object that it passed to `begin`. A trace that showed the change would not replay
 * to the same bytes, since a replay only knows what was declared [TR2].
 */
export class MetadataSnapshots {
  readonly #snapshots = new WeakMap<object, unknown>();

  /** The record with its metadata as first seen; the record itself if it has none. */
  of<T extends object>(record: T): T {
    const { metadata } = record as { readonly metadata?: unknown };
    return metadata === undefined ? record : { ...record, metadata: this.#snapshot(metadata) };
  }

  #snapshot(metadata: unknown): unknown {
    if (typeof metadata !== 'object' || metadata === null) return encodable(metadata);
    if (!this.#snapshots.has(metadata)) this.#snapshots.set(metadata, encodable(metadata));
    return this.#snapshots.get(metadata);
  }
}

function encodable(metadata: unknown): unknown {
  try {
    const text: string | undefined = JSON.stringify(metadata);
    return text === undefined ? UNENCODABLE : JSON.parse(text);
  } catch {
    return UNENCODABLE;
  }
}
