from __future__ import annotations

import threading

import pytest

from checks.trees.channel import channel_pair, ready


@pytest.mark.timeout(60)
def test_messages_of_any_length_arrive_in_order() -> None:
    ours, theirs = channel_pair()
    messages = [b"", b"x", b"y" * 3_000_000, bytes(range(256))]
    sender = threading.Thread(target=lambda: [ours.send(one) for one in messages])
    sender.start()
    assert [theirs.receive() for _ in messages] == messages
    sender.join()
    theirs.send(b"back")
    assert ours.receive() == b"back"


def test_an_end_that_closed() -> None:
    ours, theirs = channel_pair()
    theirs.close()
    with pytest.raises(EOFError):
        ours.receive()
    with pytest.raises(BrokenPipeError):
        ours.send(b"x")


def test_who_is_ready() -> None:
    first, other = channel_pair()
    second, gone = channel_pair()
    assert ready([first, second], 0) == []
    other.send(b"x")
    assert ready([first, second], 5) == [first]
    gone.close()
    assert set(map(id, ready([first, second], 5))) == {id(first), id(second)}
