"""Ctrl-C within a run of this process: kept until the week is over, never lost, and a second one does not wait."""

import signal
import threading

import pytest

from scenarios.batches import executors, interrupts


def press(_=None):
    signal.raise_signal(signal.SIGINT)


def test_a_ctrl_c_waits_for_the_end_of_the_week():
    weeks = []
    with pytest.raises(KeyboardInterrupt), interrupts.weekly():
        for week in range(10):
            if week == 3:
                press()
            weeks.append(week)
            interrupts.obey()
    assert weeks == [0, 1, 2, 3]


def test_a_ctrl_c_nobody_obeyed_is_raised_when_the_work_is_done():
    ended = []
    with pytest.raises(KeyboardInterrupt), interrupts.weekly():
        press()
        ended.append(True)
    assert ended


def test_a_second_ctrl_c_does_not_wait():
    with pytest.raises(KeyboardInterrupt), interrupts.weekly():
        press()
        press()
        pytest.fail("the second one waited too")


def test_nothing_is_left_behind():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), interrupts.weekly():
        press()
    with interrupts.weekly():
        interrupts.obey()
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt):
        press()


def test_a_handler_of_somebody_else_goes_on_answering():
    heard, before = [], signal.signal(signal.SIGINT, lambda *_: heard.append(True))
    try:
        with interrupts.weekly():
            press()
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [True]


def test_other_threads_leave_signals_alone():
    done = []

    def work():
        with interrupts.weekly():
            done.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [signal.getsignal(signal.SIGINT)]


def test_tasks_of_this_process_end_whole_and_no_other_begins():
    begun, ended = [], []

    def work(task):
        begun.append(task)
        if task == 1:
            press()
        ended.append(task)

    with pytest.raises(KeyboardInterrupt):
        list(executors.run(work, [(0, 0), (1, 1), (2, 2)], jobs=1))
    assert begun == ended == [0, 1]
