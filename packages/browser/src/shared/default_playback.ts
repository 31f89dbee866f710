/**
 * What plays the agent's track if the application does not say. `element` where a page cannot set the volume of an element, as on
 * iPhones and iPads. There the switch for silent mode mutes an audio graph but not an element, an element cannot be made silent
 * without being muted, and LiveKit unmutes its elements. So the agent is heard whenever it would be heard without the reporter.
 *
 * @param element An audio element that nobody hears.
 */
export function defaultPlayback(element: { volume: number }): 'graph' | 'element' {
  element.volume = 0.5;
  return element.volume === 0.5 ? 'graph' : 'element';
}
