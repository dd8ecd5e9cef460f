"""How Google's APIs are entered, and what their errors say.

An access token; a refresh token, or the key of a service account, that is exchanged for one and again when it
has expired.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from canonry.adapters.answers import ApiError, Conventions, CredentialsMissingError, members
from canonry.adapters.apis import Environment, required
from canonry.adapters.oauth import Grant
from canonry.adapters.rest import Rest

TOKEN_HOST: Final = "https://oauth2.googleapis.com"
TOKEN: Final = "GOOGLE_OAUTH_ACCESS_TOKEN"
REFRESH: Final = ("GOOGLE_OAUTH_CLIENT_ID", "GOOGLE_OAUTH_CLIENT_SECRET", "GOOGLE_OAUTH_REFRESH_TOKEN")
KEY: Final = "GOOGLE_APPLICATION_CREDENTIALS"
VARIABLES: Final = (TOKEN, *REFRESH, KEY)
_HOUR: Final = 3600.0


def connected(
    platform: str,
    host: str,
    environment: Environment,
    scope: str,
    *,
    headers: Mapping[str, str] | None = None,
    secrets: tuple[str, ...] = (),
) -> Rest:
    """An API of Google's, entered with whatever the environment holds.

    Raises `CredentialsMissingError` where it holds nothing, `ApiError` where no token is given out.
    """
    token = required(platform, environment, TOKEN)[0] if environment.get(TOKEN, "").strip() else ""
    grant = _grant(platform, host, environment, scope, optional=bool(token))
    if token:
        given: Mapping[str, str] = {"Authorization": f"Bearer {token}"}
        hidden: tuple[str, ...] = (token,)
    else:
        assert grant is not None  # noqa: S101  it is not optional then
        access = grant.access()
        given, hidden = access.headers, access.secrets
    return Rest(
        platform,
        host,
        headers={**given, **(headers or {})},
        secrets=(*hidden, *secrets),
        conventions=CONVENTIONS,
        renew=grant.access if grant is not None else None,
        principal=(*(grant.secrets if grant is not None else hidden), *secrets),
    )


def _grant(platform: str, host: str, environment: Environment, scope: str, *, optional: bool) -> Grant | None:
    # A stand-in on this machine answers for the token service too.
    service = TOKEN_HOST if urlsplit(host).scheme == "https" else host
    if any(environment.get(variable) for variable in REFRESH):
        try:
            client, secret, refresh = required(platform, environment, *REFRESH)
        except CredentialsMissingError:
            if optional:
                return None
            raise
        values = {
            "client_id": client,
            "client_secret": secret,
            "refresh_token": refresh,
            "grant_type": "refresh_token",
        }
        advice = "The refresh token may have expired: grant access again and set the new one"
        return Grant(
            platform, service, "/token", lambda: values, (client, secret, refresh), CONVENTIONS, advice
        )
    if environment.get(KEY, "").strip():
        address, sign, key = _service_account(platform, Path(environment[KEY].strip()))
        advice = f"See that the service account may read this property, and that {KEY} names its key"
        form = _assertions(address, scope, sign)
        return Grant(platform, service, "/token", form, (key,), CONVENTIONS, advice)
    if not optional:
        required(platform, environment, TOKEN)
    return None


def _service_account(platform: str, path: Path) -> tuple[str, Callable[[bytes], bytes], str]:
    """Address, signature and private key of a service account. Raises `ApiError`, which tells no key."""
    from canonry.adapters.signatures import signer

    try:
        found = json.loads(path.read_bytes())
        address, key = found["client_email"], found["private_key"]
        return str(address), signer(key), str(key)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        why = f"{KEY} names no key of a service account that can be read"
        raise ApiError(
            platform, "/token", why, "Create a JSON key for the account, and name its file"
        ) from None


def _assertions(address: str, scope: str, sign: Callable[[bytes], bytes]) -> Callable[[], Mapping[str, str]]:
    def form() -> Mapping[str, str]:
        now = int(time.time())
        claims = {"iss": address, "scope": scope, "aud": f"{TOKEN_HOST}/token", "iat": now, "exp": now + 3600}
        unsigned = b".".join(
            _segment(json.dumps(part).encode()) for part in ({"alg": "RS256", "typ": "JWT"}, claims)
        )
        assertion = b".".join((unsigned, _segment(sign(unsigned)))).decode()
        return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}

    return form


def _segment(content: bytes) -> bytes:
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(content).rstrip(b"=")


def explained(document: object) -> str | None:
    """What a Google API says went wrong: status and message, and what its details add."""
    found = _error(document)
    if isinstance(found, dict):
        said = [str(found[key]) for key in ("status", "message") if found.get(key)]
        inner = [str(each["message"]) for each in _failures(found) if each.get("message")]
        return " ".join([*said, *(text for text in dict.fromkeys(inner) if text not in said)]) or None
    if isinstance(document, dict) and found:
        return str(document.get("error_description") or found)
    return None


def _error(document: object) -> Any:
    if isinstance(document, list):  # a stream's error comes as a list of one
        document = document[0] if document else None
    return document.get("error") if isinstance(document, dict) else None


def _failures(error: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The errors that an error holds: Google Ads tells in them what is wrong."""
    return [each for detail in members(error, "details") for each in members(detail, "errors")]


_DURATION: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)s")
_QUOTA: Final = re.compile(
    r"(?i)exhausted .{0,40}tokens|per (day|hour)|(daily|hourly) (limit|quota)|quota exceeded for"
)


def waited(headers: Mapping[str, str], document: object) -> float | None:
    """Seconds that an error asks to wait: `retryDelay` in its details, an hour or a day for a used quota."""
    error = _error(document)
    if not isinstance(error, dict):
        return None
    told = [
        holder.get("retryDelay")
        for holder in (
            *members(error, "details"),
            *((each.get("details") or {}).get("quotaErrorDetails") or {} for each in _failures(error)),
        )
    ]
    delays = [float(found[1]) for each in told if (found := _DURATION.fullmatch(str(each)))]
    if delays:
        return max(delays)
    if error.get("status") == "RESOURCE_EXHAUSTED" and _QUOTA.search(str(error.get("message"))):
        return 24 * _HOUR if "day" in str(error["message"]).lower() else _HOUR
    return None


def _waited(headers: Mapping[str, str], document: object) -> float | None:
    try:
        return waited(headers, document)
    except (ValueError, TypeError, AttributeError):  # an error that is not as published
        return None


CONVENTIONS: Final = Conventions(
    explain=explained,
    wait=_waited,
    renewal=(
        f"The access token has expired or may not read this account: renew it, or set {REFRESH[2]} or {KEY}, "
        "by which it is renewed while the audit runs"
    ),
)
