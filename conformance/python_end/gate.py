"""What an agent makes of each message of a listener: see "What the agent refuses" in the protocol page."""

from clock import Clock, Trip
from messages import MOST_CHARS, read_listener_message, units

WINDOW = 256
EPOCHS_KEPT = 16
MOST_BOUND_MS = 10_000
MOST_AHEAD_MS = 1000


class Bucket:
    """So many at once, and then so many a second. What is refused costs nothing."""

    def __init__(self, at_once, per_second):
        self.at_once = self.tokens = at_once
        self.per_second = per_second
        self.at = None

    def allows(self, now):
        since = 0 if self.at is None else now - self.at
        self.at = now
        self.tokens = min(self.at_once, self.tokens + since * self.per_second / 1000)
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Visit:
    """From the `hello` of an epoch on."""

    def __init__(self, epoch):
        self.epoch = epoch
        self.is_over = False
        self.used = set()
        self.highest = 0
        self.pings = {}
        self.clock = Clock()

    def uses(self, seq):
        """Takes a number, unless it was used or is too far back."""
        if seq in self.used or seq <= self.highest - WINDOW:
            return False
        self.used.add(seq)
        self.highest = max(self.highest, seq)
        return True


class Gate:
    def __init__(self):
        self.messages = Bucket(100, 100)
        self.visits = Bucket(10, 1)
        self.visit = None
        self.past = []

    def ping(self, ping_id, now):
        if self.visit is not None:
            self.visit.pings[ping_id] = now

    def take(self, text, now):
        if not self.messages.allows(now):
            return "dropped:too_many"
        if units(text) > MOST_CHARS:
            return "dropped:too_large"
        message = read_listener_message(text)
        if message is None:
            return "dropped:bad_format"
        if self.visit is None or message["epoch"] != self.visit.epoch:
            return self.join(message, now)
        if not self.visit.uses(message["seq"]):
            return "dropped:duplicate"
        return self.judge(message, now)

    def join(self, message, now):
        if message["type"] != "hello" or message["epoch"] in self.past:
            return "dropped:wrong_listener"
        if not self.visits.allows(now):
            return "dropped:too_many"
        if self.visit is not None:
            self.past = [*self.past, self.visit.epoch][-EPOCHS_KEPT:]
        self.visit = Visit(message["epoch"])
        self.visit.uses(message["seq"])
        return "joined"

    def judge(self, message, now):
        visit = self.visit
        kind = message["type"]
        if kind == "hello":
            return "dropped:wrong_listener" if visit.is_over else "known"
        if kind == "bye":
            visit.is_over = True
            return "left"
        if kind == "pong":
            sent_at = visit.pings.pop(message["pingId"], None)
            if sent_at is not None:
                visit.clock.add(Trip(sent_at, message["receivedAtMs"], message["sentAtMs"], now))
            return "clock"
        if kind == "audibility":
            return "audibility"
        return self.judge_playhead(message, now)

    def judge_playhead(self, message, now):
        started = self.visit.clock.to_agent(message["startedAtMs"])
        position = self.visit.clock.to_agent(message["positionAtMs"])
        if started is None or position is None:
            return "dropped:out_of_range"
        if message["errorBoundMs"] + max(started[1], position[1]) > MOST_BOUND_MS:
            return "dropped:out_of_range"
        return "dropped:in_future" if position[0] > now + MOST_AHEAD_MS else "playhead"


def gate(steps):
    the_gate = Gate()
    words = []
    for step in steps:
        if "text" in step:
            words.append(the_gate.take(step["text"], step["atMs"]))
        else:
            the_gate.ping(step["pingId"], step["atMs"])
    return words
