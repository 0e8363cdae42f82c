"""Amazon's error codes, as the errors of every client.

Source: the common errors of the IAM, STS, ECR and CloudTrail API references (botocore 1.44 names the modelled ones);
codes of the signature from the IAM user guide, "Troubleshooting AWS API requests".
"""

from __future__ import annotations

from checks.formats.display import printable
from guides.registries.trouble import (
    ApiError,
    Conflict,
    Forbidden,
    Invalid,
    Missing,
    NotUnderstood,
    RateLimited,
    ServerFailed,
    Unauthorised,
)


class KeyUnknown(Unauthorised):
    """Amazon knows no such key: deleted, inactive, of another partition, or never one. Only this means a dead key."""


class ClockWrong(ApiError):
    """The signature's time is not Amazon's: it says nothing of the key."""


_KEYS = {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException"}
_SIGNATURE = {
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "IncompleteSignature",
    "IncompleteSignatureException",
}
_CLOCK = {"RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture"}
_CLOCK_WORDS = ("signature expired", "signature not yet current")
_DENIED = {"AccessDenied", "AccessDeniedException", "NotAuthorized", "OptInRequired", "RegionDisabledException"}
_THROTTLED = {"Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown"}
_CONFLICTS = {
    "LimitExceeded",
    "LimitExceededException",
    "EntityAlreadyExists",
    "ConcurrentModification",
    "DeleteConflict",
}


def aws_error(status: int, code: str, said: str, where: str, *, changes: bool) -> ApiError:
    """The error for an answer that is no success. Its words are shown short and printable."""
    quoted = f' ("{printable(said, 200)}")' if said and code else ""
    if code in _CLOCK or (code in _SIGNATURE and any(word in said.lower() for word in _CLOCK_WORDS)):
        return ClockWrong(
            f"{where} finds the time of the signature wrong{quoted}: set this machine's clock", status=status
        )
    for codes, error, what in _MEANINGS:
        if code in codes:
            return error(f"{where} {what}{quoted}", status=status)
    if code in _THROTTLED or status == 429:
        return RateLimited(f"{where} was asked too often{quoted}: try again in a minute", status=status)
    if status >= 500:
        done = "failed, and whether it was done is not known: look at the list before you try again"
        return ServerFailed(f"{where} {done if changes else 'failed: try again later'}{quoted}", status=status)
    if code and not code.isdecimal() and 400 <= status < 500:
        return Invalid(f"{where} does not accept it: {printable(code, 60)}{quoted}", status=status)
    return NotUnderstood(
        f"{where} did not answer as Amazon does (status {status}): a proxy or a sign-in page may stand in between",
        status=status,
    )


_MEANINGS: tuple[tuple[set[str], type[ApiError], str], ...] = (
    (_KEYS, KeyUnknown, "does not know this key: it is deleted, inactive, or of another partition"),
    (_EXPIRED, Unauthorised, "says that this temporary key has expired: get a new session"),
    (
        _SIGNATURE,
        Unauthorised,
        "does not accept the signature: the secret is not the one of this key id, or the region",
    ),
    (_DENIED, Forbidden, "does not allow this to the key: use one of an administrator"),
    (_CONFLICTS, Conflict, "refuses it: a limit is reached, or it is there already"),
    ({"NoSuchEntity", "NoSuchEntityException"}, Missing, "has no such user or key"),
)
