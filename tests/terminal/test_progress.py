"""How far a run is: rate and time left from what it did itself, said now and then in a log."""

import pytest

from audit.batch import State
from audit.terminal.progress import Clock, every


class Time:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def state(pages, size, failed=0, deaths=0, died=""):
    return State(pages, failed, size, 10_000, deaths, died)


@pytest.mark.parametrize(
    ("first", "then", "seconds", "said"),
    [
        (state(0, 0), state(0, 0), 0, "0 pages, 0 %"),
        (state(0, 0), state(1, 0), 4, "1 page, 0 %, 0.2 pages/s"),
        (state(0, 0), state(4000, 2500, failed=3), 60, "4,000 pages, 25 %, 67 pages/s, 3 unread, 3:00 left"),
        (state(900, 5000), state(1000, 6000), 10, "1,000 pages, 60 %, 10 pages/s, 0:40 left"),
        (state(0, 0), state(10, 10, deaths=2), 10, "10 pages, 0 %, 1.0 pages/s, 2 workers replaced, 2:46:30 left"),
    ],
    ids=["at once", "nothing finished", "a quarter", "resumed", "hours"],
)
def test_the_pace_is_that_of_this_run(first, then, seconds, said):
    time = Time()
    clock = Clock(time)
    clock.pace(first)
    time.now += seconds
    assert str(clock.pace(then)) == said


def test_a_log_gets_a_line_now_and_then_and_deaths_at_once():
    time, told, died = Time(), [], []
    move = every(10, told.append, died.append, time)
    for second in range(35):
        time.now = 100.0 + second
        move(state(second, 100 * second, deaths=second // 15, died=f"page {second}"))
    assert [pace.pages for pace in told] == [10, 20, 30]
    assert told[0].left == 90
    assert died == ["page 15", "page 30"]
