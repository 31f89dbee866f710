/** What stands in a trace for metadata that JSON cannot hold. */
const UNENCODABLE = '[metadata that JSON cannot hold]';

/**
 * Metadata as it was when it was first seen, in what JSON keeps of it.
 *
 * An application may go on writing into the object it gave at `begin`; a trace that showed that would not replay to the
 * same bytes, since a replay knows only what was declared [TR2].
 */
export class MetadataSnapshots {
  readonly #snapshots = new WeakMap<object, unknown>();

  /** The record with its metadata as it was first seen; the record itself when it has none. */
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
