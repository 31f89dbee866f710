/** The session is over: the page does not connect again. */
export const SOCKET_CLOSED_SESSION_OVER = 4000;

/** Another page listens now: this one connects again only if its user wants it. */
export const SOCKET_CLOSED_REPLACED = 4001;

/** The page did not answer, or too many were open: it may connect again. */
export const SOCKET_CLOSED_UNRESPONSIVE = 4002;
