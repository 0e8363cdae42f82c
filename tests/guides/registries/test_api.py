"""The way to every provider: what is shown is what is sent, answers are told apart, and nothing is tried twice."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.model.secret import Secret
from guides.registries.api import (
    MOST_PAGES,
    Api,
    ApiError,
    Call,
    Conflict,
    Forbidden,
    HeaderSecret,
    Invalid,
    Listing,
    Missing,
    NotSent,
    NotUnderstood,
    RateLimited,
    Response,
    ServerFailed,
    Unauthorised,
    bearer,
    segment,
)
from guides.registries.fields import Fields
from guides.registries.network import CutOff, Network, PlainHttpRefused, TimedOut, Unreachable
from tests.services.double import Asked, Double, Fault, Told, token


class Echo(Double):
    """Answers whatever `reply` is, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.reply: Callable[[Asked], Told] = lambda asked: Told(200, {"ok": True})
        self.asked: list[Asked] = []

    def answer(self, asked: Asked) -> Told:
        self.asked.append(asked)
        return self.reply(asked)


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as double:
        yield double


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return Network({}, home=tmp_path, root=tmp_path, total_seconds=5)


@pytest.fixture
def api(echo: Echo, network: Network) -> Api:
    return Api(network, f"{echo.base_url}/base")


@pytest.fixture
def secret() -> Secret:
    return Secret(token("dckr_pat_", 27))


def creating(api: Api, secret: Secret) -> Call[Secret]:
    return api.call(
        "POST",
        "/things?x=1",
        effect="makes a thing",
        read=lambda answer: answer.fields().secret("token"),
        expect=(201,),
        sends=("the session",),
        login=bearer(secret),
        body={"name": "n", "password": secret, "all": [secret]},
    )


def test_what_is_shown_is_what_is_sent(api: Api, echo: Echo, secret: Secret) -> None:
    made = token("new_", 30)
    echo.reply = lambda asked: Told(201, {"token": made})
    call = creating(api, secret)
    assert not echo.log, "describing a call sends nothing"
    assert (call.method, call.host, call.path) == ("POST", echo.host, "/base/things?x=1")
    assert call.shown == f"POST {echo.host}/base/things?x=1: makes a thing"
    assert call.perform() == Secret(made)
    (asked,) = echo.asked
    assert (asked.method, asked.path, asked.query) == (call.method, "/base/things", {"x": ["1"]})
    assert asked.headers["Authorization"] == f"Bearer {secret.reveal()}"
    assert asked.body == {"name": "n", "password": secret.reveal(), "all": [secret.reveal()]}
    with pytest.raises(AttributeError):
        call.path = "/other"  # type: ignore[misc]


def test_no_secret_in_any_repr(api: Api, echo: Echo, secret: Secret) -> None:
    echo.reply = lambda asked: Told(200, {"token": secret.reveal()})
    answer = api.ask("/x", login=bearer(secret))
    for shown in (repr(creating(api, secret)), repr(answer), repr(answer.fields()), repr(bearer(secret)), str(api)):
        assert secret.reveal() not in shown


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Invalid),
        (401, Unauthorised),
        (403, Forbidden),
        (404, Missing),
        (409, Conflict),
        (410, Missing),
        (418, NotUnderstood),
        (422, Invalid),
        (429, RateLimited),
        (500, ServerFailed),
        (502, ServerFailed),
    ],
)
@pytest.mark.parametrize("changing", [False, True])
def test_refusals_are_told_apart(
    api: Api, echo: Echo, secret: Secret, status: int, error: type[ApiError], changing: bool
) -> None:
    echo.reply = lambda asked: Told(status, {"message": "because"})
    with pytest.raises(ApiError) as caught:
        creating(api, secret).perform() if changing else api.ask("/x", login=bearer(secret))
    assert type(caught.value) is error
    assert caught.value.status == status
    said = str(caught.value)
    assert echo.host in said
    assert ("POST /base/things" if changing else "GET /base/x") in said
    assert len(echo.asked) == 1, "nothing is tried again by itself"
    if status >= 500:
        assert ("whether it was done is not known" in said) is changing


def test_their_words_are_shown_short_printable_and_without_what_was_sent(api: Api, echo: Echo, secret: Secret) -> None:
    echo.reply = lambda asked: Told(400, {"message": f"\x1b[31mno: {secret.reveal()} " + "x" * 5000})
    with pytest.raises(Invalid) as caught:
        creating(api, secret).perform()
    said = str(caught.value)
    assert "no: ***" in said
    assert secret.reveal() not in said
    assert "\x1b" not in said
    assert len(said) < 600


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"message": {"expires_at": ["can't be blank"]}}, "expires_at: can't be blank"),
        ({"detail": "wrong"}, "wrong"),
        ({"error": "invalid_token", "error_description": "Token was revoked."}, "Token was revoked."),
        ({"errors": ["one", "two"]}, "one; two"),
        ({"fields": {}, "text": "too long"}, "too long"),
        ([1, None], ""),
    ],
)
def test_each_provider_words_it_in_another_field(api: Api, echo: Echo, body: Any, said: str) -> None:
    echo.reply = lambda asked: Told(422, body)
    with pytest.raises(Invalid) as caught:
        api.ask("/x")
    assert said in str(caught.value)


def test_a_hint_replaces_what_to_do_next(api: Api, echo: Echo) -> None:
    echo.reply = lambda asked: Told(403, {})
    with pytest.raises(Forbidden, match="ask your owner"):
        api.ask("/x", hints={403: "ask your owner"})


def date(double: Double, seconds: int) -> str:
    """An HTTP date by the double's clock."""
    return f"{double.now() + datetime.timedelta(seconds=seconds):%a, %d %b %Y %H:%M:%S} GMT"


def unix(double: Double, seconds: int) -> str:
    return f"{double.now().timestamp() + seconds:.0f}"


@pytest.mark.parametrize("ahead", [datetime.timedelta(), datetime.timedelta(hours=3), datetime.timedelta(hours=-3)])
@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        (lambda double: {"Retry-After": "7"}, 7),
        (lambda double: {"Retry-After": date(double, 90)}, 90),
        (lambda double: {"X-Retry-After": unix(double, 90)}, 90),
        (lambda double: {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": unix(double, 90)}, 90),
        (lambda double: {"Retry-After": "99999999"}, 24 * 3600),
        (lambda double: {"Retry-After": "-5"}, None),
        (lambda double: {"Retry-After": "soon"}, None),
        (lambda double: {}, None),
    ],
)
def test_how_long_to_wait(
    api: Api, echo: Echo, headers: Callable[[Double], dict[str, str]], wait: float | None, ahead: datetime.timedelta
) -> None:
    """Counted by the host's clock: the workstation's may be wrong by hours."""
    echo.clock_ahead = ahead
    echo.reply = lambda asked: Told(429, {"detail": "slow down"}, headers(echo))
    with pytest.raises(RateLimited) as caught:
        api.ask("/x")
    assert caught.value.retry_after == (wait if wait is None else pytest.approx(wait, abs=10))


def test_a_403_with_nothing_left_is_a_limit_and_no_refusal(api: Api, echo: Echo) -> None:
    echo.reply = lambda asked: Told(403, {"message": "slow"}, {"X-RateLimit-Remaining": "0", "Retry-After": "60"})
    with pytest.raises(RateLimited, match="60 seconds"):
        api.ask("/x")


@pytest.mark.parametrize("status", [200, 401, 403, 404])
def test_a_web_page_proves_nothing_whatever_its_status(api: Api, echo: Echo, secret: Secret, status: int) -> None:
    """A guest network's sign-in page answers 401 or 200 as it likes."""
    echo.fail(Fault("html", status=status))
    with pytest.raises(NotUnderstood, match="web page"):
        api.ask("/x", login=bearer(secret), expect=(200, 401))


def test_a_gateways_page_is_still_a_failure(api: Api, echo: Echo) -> None:
    echo.fail(Fault("html", status=503))
    with pytest.raises(ServerFailed):
        api.ask("/x")


def test_json_that_ends_early(api: Api, echo: Echo) -> None:
    echo.fail(Fault("half"))
    with pytest.raises(NotUnderstood, match="whole JSON"):
        api.ask("/x")


def test_fewer_bytes_than_announced(api: Api, echo: Echo) -> None:
    echo.fail(Fault("cut"))
    with pytest.raises(CutOff):
        api.ask("/x")


def test_no_answer_after_it_was_done(api: Api, echo: Echo, secret: Secret) -> None:
    echo.fail(Fault("lost"))
    with pytest.raises(CutOff) as caught:
        creating(api, secret).perform()
    assert caught.value.may_have_arrived
    assert len(echo.asked) == 1, "it was done, and not tried again"


def test_slow(echo: Echo, tmp_path: Path) -> None:
    echo.fail(Fault("slow"))
    with pytest.raises(TimedOut):
        Api(Network({}, home=tmp_path, root=tmp_path, total_seconds=0.3), echo.base_url).ask("/x")


def test_nothing_listens(network: Network) -> None:
    with Echo() as gone:
        address = gone.base_url
    with pytest.raises(Unreachable):
        Api(network, address).ask("/x")


def test_a_redirect_is_not_followed(api: Api, echo: Echo, secret: Secret) -> None:
    echo.fail(Fault("redirect"))
    with pytest.raises(NotUnderstood):
        api.ask("/x", login=bearer(secret))
    assert len(echo.log) == 1


def test_without_tls_only_to_this_machine(network: Network, secret: Secret) -> None:
    with pytest.raises(PlainHttpRefused):
        Api(network, "http://hub.example.com").ask("/x", login=bearer(secret))


def test_an_answer_that_is_too_long(api: Api, echo: Echo) -> None:
    echo.reply = lambda asked: Told(200, {"x": "y" * 1024 * 1024})
    with pytest.raises(NotUnderstood, match="more than 1024 KiB"):
        api.ask("/x")


def test_json_without_a_bottom(api: Api, echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "dumps", lambda value, **given: "[" * 100_000)
    with pytest.raises(NotUnderstood, match="whole JSON"):
        api.ask("/x")


@pytest.mark.parametrize("value", ["", "a b", "a\nX-Other: 1", "tök", "a\x00"])
def test_what_no_header_can_carry_is_not_sent(api: Api, echo: Echo, value: str) -> None:
    with pytest.raises(NotSent) as caught:
        api.ask("/x", login=HeaderSecret("PRIVATE-TOKEN", "", Secret(value)))
    assert not echo.log
    assert not value or value not in str(caught.value)


@pytest.mark.parametrize("name", ["", ".", "..", "a\nb"])
def test_a_name_that_would_be_another_path(name: str) -> None:
    with pytest.raises(NotSent):
        segment(name)


def test_a_name_is_one_part_of_the_path(api: Api, echo: Echo) -> None:
    api.ask(f"/projects/{segment('acme/shop ?x#y')}/tokens")
    assert echo.asked[0].path == "/base/projects/acme%2Fshop%20%3Fx%23y/tokens"


def read_page(answer: Response) -> tuple[tuple[int, ...], bool]:
    fields = answer.fields()
    return tuple(one.whole("n") for one in fields.items("results")), bool(fields.text_or_empty("next"))


def test_pages(api: Api, echo: Echo) -> None:
    def reply(asked: Asked) -> Told:
        page = int(asked.first("page"))
        more = "http://elsewhere.example.com/next" if page < 3 else None
        return Told(200, {"results": [{"n": page}], "next": more})

    echo.reply = reply
    assert api.pages("/list", read_page, size_name="per_page") == Listing((1, 2, 3), complete=True)
    assert [asked.first("page") for asked in echo.asked] == ["1", "2", "3"], "their links are not followed"


def test_pages_without_an_end(api: Api, echo: Echo) -> None:
    echo.reply = lambda asked: Told(200, {"results": [{"n": 1}], "next": "more"})
    found = api.pages("/list", read_page, size_name="per_page")
    assert len(echo.asked) == len(found.items) == MOST_PAGES
    assert not found.complete


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ([], lambda fields: fields.text("x")),
        ({}, lambda fields: fields.text("x")),
        ({"x": 1}, lambda fields: fields.text("x")),
        ({"x": ""}, lambda fields: fields.secret("x")),
        ({"x": True}, lambda fields: fields.whole("x")),
        ({"x": 1}, lambda fields: fields.flag("x")),
        ({"x": ["a", 1]}, lambda fields: fields.texts("x")),
        ({"x": "yesterday"}, lambda fields: fields.moment("x")),
        ({"x": 5}, lambda fields: fields.moment("x")),
        ({"x": {}}, lambda fields: fields.items("x")),
        ({"x": [1]}, lambda fields: fields.items("x")),
    ],
)
def test_another_shape_than_described(value: Any, read: Callable[[Fields], object]) -> None:
    with pytest.raises(NotUnderstood):
        read(Fields.of(value, "host (GET /x)"))


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, None),
        ("", None),
        ("0001-01-01T00:00:00Z", None),
        ("2026-11-24T10:00:00.123456Z", datetime.datetime(2026, 11, 24, 10, 0, 0, 123456, datetime.UTC)),
        ("2026-11-24T12:00:00+02:00", datetime.datetime(2026, 11, 24, 10, tzinfo=datetime.UTC)),
        ("2026-11-24", datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)),
    ],
)
def test_moments(given: str | None, read: datetime.datetime | None) -> None:
    assert Fields.of({"x": given}, "host").moment("x") == read
