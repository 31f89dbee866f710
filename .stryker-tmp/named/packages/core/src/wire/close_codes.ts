/** The session is over. The page does not reconnect. */
export const SOCKET_CLOSED_SESSION_OVER = 4000;

/** Another page listens now. This page reconnects only if its user asks for it. */
export const SOCKET_CLOSED_REPLACED = 4001;

/** The page did not answer, or too many pages were open. The page may reconnect. */
export const SOCKET_CLOSED_UNRESPONSIVE = 4002;
