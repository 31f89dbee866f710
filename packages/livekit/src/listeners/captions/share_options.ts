import { OncueError } from '@oncue/core';

/**
 * What a page is sent of the responses, so that it can show captions [CP1]. A page that reports always knows which response
 * it hears, and how far.
 */
export interface ShareWithPage {
  /**
   * The text, where its words end, and how each response ended. Also words that are not spoken yet, and may never be after a
   * cut. Default `false`.
   */
  readonly text?: boolean;
  /**
   * The name of each mark (`turn.mark(name)`), and where in the audio it is, so that the page says when it was reached there.
   * Default `false`.
   */
  readonly marks?: boolean;
  /** Names of the fields of a response's `metadata` that the page gets. They must fit into JSON. Default: none. */
  readonly metadata?: readonly string[];
}

/** @throws OncueError `ONCUE_BAD_OPTION` for a value of another form. */
export function checkedShare(
  share: ShareWithPage | undefined,
): Required<ShareWithPage> | undefined {
  if (share === undefined) return undefined;
  const { text = false, marks = false, metadata = [] } = share ?? {};
  const areNames = Array.isArray(metadata) && metadata.every((name) => typeof name === 'string');
  if (typeof text === 'boolean' && typeof marks === 'boolean' && areNames)
    return { text, marks, metadata };
  throw new OncueError(
    'ONCUE_BAD_OPTION',
    "shareWithPage takes for example { text: true, marks: true, metadata: ['topic'] }: metadata lists names of fields",
  );
}
