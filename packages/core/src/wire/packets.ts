/**
 * In a room one data packet carries one message or several, each a line of its own. A packet costs much more than a message:
 * the agent's process pays for its way to the network and back, whatever is in it.
 */

/** More lines than this in one packet are not read. */
export const MAX_PACKET_MESSAGES = 16;

/** A packet with several messages is no longer than this, in characters. */
export const MAX_PACKET_CHARS = 4096;

/** The messages of a packet, as texts that were not checked. */
export function messagesIn(packet: string): readonly string[] {
  return packet.includes('\n') ? packet.split('\n', MAX_PACKET_MESSAGES) : [packet];
}

/** How many lines of a packet are not read, since it has too many. */
export function unreadIn(packet: string): number {
  let lines = 1;
  for (let at = packet.indexOf('\n'); at >= 0; at = packet.indexOf('\n', at + 1)) lines += 1;
  return Math.max(0, lines - MAX_PACKET_MESSAGES);
}

/** Whether a message still fits into a packet that holds others. */
export function fitsInPacket(messages: readonly string[], message: string): boolean {
  const chars = messages.reduce((sum, { length }) => sum + length + 1, message.length);
  return messages.length < MAX_PACKET_MESSAGES && chars <= MAX_PACKET_CHARS;
}

/** The packet with these messages, which have no line breaks: JSON escapes them. */
export function packetOf(messages: readonly string[]): string {
  return messages.join('\n');
}
