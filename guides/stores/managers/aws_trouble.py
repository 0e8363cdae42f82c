"""What the errors of AWS and of its library mean, and how to mend them. Nothing that AWS says is repeated.

Codes: https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html and the pages of each action.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from guides.stores.managers.manager import (
    LoginExpired,
    NotAllowed,
    NotTrusted,
    QuotaReached,
    ScheduledForDeletion,
    Unreachable,
    VersionConflict,
    WrongRegion,
)
from guides.stores.store import StoreError, StoreRefused, StoreTimedOut

NOT_FOUND = "ResourceNotFoundException"
EXISTS = "ResourceExistsException"

_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
_UNKNOWN = ("InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "AuthFailure")
_DENIED = ("AccessDeniedException", "AccessDenied", "403")
_QUOTA = ("LimitExceededException", "ThrottlingException", "Throttling", "TooManyRequestsException")


@dataclass(frozen=True, slots=True)
class Where:
    """What the messages say of the call: secret, region, profile, and the action that IAM knows."""

    name: str
    region: str
    profile: str
    action: str

    @property
    def sso(self) -> str:
        return f"aws sso login --profile {self.profile}" if self.profile else "aws sso login"


def code_of(error: Exception) -> str:
    """The code of an answer of AWS, or an empty text."""
    told = getattr(error, "response", None)
    return str(told.get("Error", {}).get("Code", "")) if isinstance(told, dict) else ""


@contextmanager
def explained(where: Where) -> Iterator[None]:
    """Turns the library's errors into ours. Only used once the library is known to be there."""
    from botocore import exceptions

    try:
        yield
    except exceptions.ClientError as error:
        # the error's own text quotes the user's ARN and, for some codes, what was sent
        raise _answered(code_of(error), where, deleted="delet" in str(error)) from None
    except (exceptions.UnauthorizedSSOTokenError, exceptions.SSOTokenLoadError, exceptions.TokenRetrievalError):
        raise LoginExpired("your SSO session is expired, or there is none", where.sso) from None
    except exceptions.ProfileNotFound:
        raise LoginExpired("AWS_PROFILE names a profile that is not there", "`aws configure list-profiles`") from None
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError, exceptions.CredentialRetrievalError):
        raise LoginExpired("there is no login for AWS", f"{where.sso}, or set AWS_PROFILE") from None
    except exceptions.NoRegionError:
        raise WrongRegion("no region is set", "export AWS_REGION=eu-central-1, or the region of your secrets") from None
    except exceptions.InvalidRegionError:
        raise WrongRegion("AWS_REGION is no name of a region", "`aws ec2 describe-regions` names them") from None
    except exceptions.SSLError:
        raise NotTrusted(
            "the certificate of AWS is not trusted here, and nothing was sent",
            "behind a proxy that opens TLS set AWS_CA_BUNDLE",
        ) from None
    except (exceptions.ConnectTimeoutError, exceptions.ReadTimeoutError):
        raise StoreTimedOut("AWS did not answer in time", "look at the network, then try again") from None
    except exceptions.EndpointConnectionError:
        reason = f"Secrets Manager cannot be reached in {where.region}"
        raise Unreachable(reason, "look at the network, the proxy, and the region's name") from None
    except exceptions.HTTPClientError:
        raise Unreachable("the connection to AWS broke off", "look at the network, then try again") from None
    except exceptions.BotoCoreError as error:
        raise StoreError(f"AWS could not be asked ({type(error).__name__})", "`aws configure list`") from None


def _answered(code: str, where: Where, *, deleted: bool) -> StoreError:
    if code in _EXPIRED:
        return LoginExpired("your login for AWS is expired", where.sso)
    if code in _UNKNOWN:
        return LoginExpired(f"AWS does not know this login in {where.region}", f"{where.sso}; is the region right?")
    if code in _DENIED:
        return NotAllowed(
            f"your AWS login may not {where.action} {where.name} in {where.region}",
            f"ask for secretsmanager:{where.action} on this secret, and kms:Decrypt where it has a key of its own",
        )
    if code in ("DecryptionFailure", "EncryptionFailure"):
        return NotAllowed("the KMS key of this secret cannot be used", "ask for kms:Decrypt and kms:GenerateDataKey")
    if code in _QUOTA:
        return QuotaReached("a limit of AWS is reached: too many requests, versions or secrets", "try again later")
    if code == "InvalidRequestException" and deleted:
        return ScheduledForDeletion(
            f"{where.name} is scheduled for deletion", "aws secretsmanager restore-secret --secret-id NAME"
        )
    if code in (EXISTS, "InvalidParameterException") and where.action in ("CreateSecret", "UpdateSecretVersionStage"):
        return VersionConflict(
            f"somebody changed {where.name} at the same moment; nothing was overwritten", "look at it, then try again"
        )
    if code == NOT_FOUND:
        return StoreRefused(f"{where.name} is not in {where.region} any more", "look at the region and the name")
    if code in ("InternalServiceError", "ServiceUnavailable"):
        return StoreError("Secrets Manager itself failed", "try again later")
    return StoreRefused(f"AWS refused to {where.action} {where.name}", "look at the name and the region")
