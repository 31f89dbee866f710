/**
 * What plays a track. `graph`: the tap. `plugin`: LiveKit's own graph of the room, which the tap is part of. `element`: the
 * elements that the application attached. `other`: a graph of LiveKit's that the tap cannot be part of.
 */
export type TapMode = 'graph' | 'plugin' | 'element' | 'other';
