/** Which packet of the track the browser had taken last when a frame sounded. */
export interface PlayedPacket {
  readonly frame: number;
  /** Its RTP timestamp: of Opus, in frames. It begins again after 2³² - 1. */
  readonly rtp: number;
}

/** What the worklet has rendered. */
export interface Rendered {
  readonly frames: number;
  /** Where sound began after the latest quiet; -1 before any. */
  readonly onsetFrame: number;
  readonly loudUntilFrame: number;
  /** Of the last seconds, in their order. Empty if the browser does not say it. */
  readonly packets: readonly PlayedPacket[];
}
