"""Instants of a listener on the agent's clock: see "The clock" in the protocol page."""

KEPT = 64
DRIFT = 1e-4
ROUNDING_MS = 0.01


class Trip:
    """A ping and its pong. The offset `listener - agent` lies between `least` and `most`."""

    def __init__(self, ping_sent, ping_received, pong_sent, pong_received):
        self.most = ping_received - ping_sent
        self.least = pong_sent - pong_received
        self.is_possible = pong_sent >= ping_received and self.most >= self.least
        self.span = pong_received - ping_sent
        self.at = pong_received


class Clock:
    def __init__(self):
        self.trips = []

    def add(self, trip):
        if not trip.is_possible:
            return
        if any(contradict(trip, other) for other in self.trips):
            # Somebody has set a clock.
            self.trips = []
        self.trips = [*self.trips, trip][-KEPT:]

    def to_agent(self, at):
        """The instant on the agent's clock and its error bound, or None before the first trip."""
        if not self.trips:
            return None
        latest = self.trips[-1]
        about = at - (latest.most + latest.least) / 2
        # How far `about` may be off, since it rests on the latest trip only.
        about_off = DRIFT * abs(about - latest.at)
        most, least = float("inf"), float("-inf")
        for trip in self.trips:
            apart = abs(about - trip.at) + about_off + 2 * trip.span + 2 * latest.span
            most = min(most, trip.most + DRIFT * apart)
            least = max(least, trip.least - DRIFT * apart)
        return at - (most + least) / 2, abs(most - least) / 2


def contradict(one, other):
    """Whether no offset fits both trips, whatever the clocks have drifted in between."""
    slack = ROUNDING_MS + DRIFT * (abs(one.at - other.at) + 2 * one.span + 2 * other.span)
    return one.least > other.most + slack or other.least > one.most + slack


def clock(trips, instants):
    known = Clock()
    for trip in trips:
        names = ("pingSentAtMs", "pingReceivedAtMs", "pongSentAtMs", "pongReceivedAtMs")
        known.add(Trip(*(trip[name] for name in names)))
    mapped = [known.to_agent(at) for at in instants]
    return [one and {"atMs": one[0], "errorBoundMs": one[1]} for one in mapped]
