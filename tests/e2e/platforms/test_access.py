"""Credentials that expire while a run reads: renewed where the platform does it, said where it does not."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.platforms import others
from tests.e2e.platforms.server import TOKEN, RefusedError, Request, running
from tests.e2e.platforms.test_sources import ANSWERS, TOKENS, WEEK, parted, source

from canonry.adapters.apis import PLATFORMS
from canonry.adapters.signatures import signer

GOOGLE = ("dv360", "ga4", "google_ads")
REFRESH = {
    "GOOGLE_OAUTH_CLIENT_ID": "client",
    "GOOGLE_OAUTH_CLIENT_SECRET": "s3cret",
    "GOOGLE_OAUTH_REFRESH_TOKEN": "refresh",
    "LINKEDIN_CLIENT_ID": "client",
    "LINKEDIN_CLIENT_SECRET": "s3cret",
    "LINKEDIN_REFRESH_TOKEN": "refresh",
}
STATIC = ("meta", "tiktok", "segment", "rudderstack")
EXPIRED: dict[str, tuple[int, Any]] = {
    "meta": (400, {"error": {"message": "Session has expired", "code": 190, "type": "OAuthException"}}),
    "tiktok": (200, {"code": 40105, "message": "Access token is incorrect or has been revoked.", "data": {}}),
    "segment": (401, {"errors": [{"type": "unauthenticated", "message": "Bad token"}]}),
    "rudderstack": (401, {"message": "Unauthorized"}),
}
GONE = {"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "invalid authentication credentials"}}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def expiring(name: str, life: int) -> tuple[Callable[[Request], Any], list[int]]:
    """A platform whose tokens are good for a number of requests, and how many it gave out."""
    issued: list[int] = []
    left: dict[str, int] = {}

    def answer(request: Request) -> Any:
        if request.path in ("/token", "/oauth/v2/accessToken"):
            assert request.body["grant_type"] == "refresh_token"
            assert (request.body["refresh_token"], request.body["client_secret"]) == ("refresh", "s3cret")
            issued.append(1)
            token = f"issued-{len(issued)}"
            left[token] = life
            return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if left.get(token, 0) <= 0:
            raise RefusedError(401, [GONE] if name == "google_ads" else GONE)
        left[token] -= 1
        request.headers["authorization"] = f"Bearer {TOKEN}"
        return ANSWERS[name](request)

    return answer, issued


@pytest.mark.parametrize("name", [*GOOGLE, "linkedin"])
@pytest.mark.parametrize("life", [1, 2, 5])
def test_a_token_that_expires_in_the_middle_is_renewed_and_reading_goes_on(name: str, life: int) -> None:
    """At any page of any list: nothing is missing, nothing comes twice, and nothing is to be said."""
    with running(ANSWERS[name]) as platform:
        wanted = [repr(x) for x in source(name, platform).read(WEEK)]
    answer, issued = expiring(name, life)
    variables = {**dict.fromkeys(TOKENS, ""), "GOOGLE_ADS_DEVELOPER_TOKEN": "dev", **REFRESH}
    with running(answer) as platform:
        seen, gaps = parted(source(name, platform, **variables).read(WEEK))
    assert ([repr(x) for x in seen], gaps) == (wanted, [])
    assert len(issued) > 1


@pytest.mark.parametrize("name", [*GOOGLE, "linkedin"])
def test_an_access_token_that_was_given_is_renewed_where_a_grant_is_given_too(name: str) -> None:
    """The one that was set may have been old from the start."""
    answer, issued = expiring(name, 100)
    variables = {**TOKENS, **dict.fromkeys(("GOOGLE_OAUTH_ACCESS_TOKEN", "LINKEDIN_ACCESS_TOKEN"), "stale")}
    with running(answer) as platform:
        seen, gaps = parted(source(name, platform, **{**variables, **REFRESH}).read(WEEK))
    assert seen and gaps == [] and issued == [1]


@pytest.mark.parametrize("name", [*GOOGLE, "linkedin"])
def test_a_new_token_that_is_refused_as_well_is_said_once(name: str) -> None:
    """Renewing over and over helps nobody."""
    answer, issued = expiring(name, 0)
    with running(answer) as platform:
        seen, gaps = parted(source(name, platform, **{**TOKENS, **REFRESH}).read(WEEK))
    assert seen == []
    assert len(issued) <= len(gaps)
    assert all("HTTP 401" in gap.why and gap.hint for gap in gaps)


@pytest.mark.parametrize("name", STATIC)
def test_a_token_that_cannot_be_renewed_says_what_to_do(name: str) -> None:
    """What came before is told, the gap says that access ended, and how to get it back."""
    with running(ANSWERS[name], None, EXPIRED[name]) as platform:
        seen, gaps = parted(source(name, platform).read(WEEK))
    assert seen
    (gap,) = gaps
    assert gap.hint.startswith(("Meta renews", "TikTok renews", "Segment renews", "RudderStack renews"))
    assert gap.why.count("also after") == 0  # it was not asked again and again


def test_linkedins_refused_grant_is_said() -> None:
    """Its refresh tokens end after a year."""

    def answer(request: Request) -> Any:
        if request.path == "/oauth/v2/accessToken":
            raise RefusedError(
                400, {"error": "invalid_request", "error_description": "The token has expired"}
            )
        return others.linkedin(request)

    with running(answer) as platform:
        variables = {**TOKENS, "LINKEDIN_ACCESS_TOKEN": "", **REFRESH}
        seen, (gap,) = parted(source("linkedin", platform, **variables).read(WEEK))
    assert seen == [] and "The token has expired" in gap.why and "Grant access again" in gap.hint


@pytest.fixture(scope="module")
def service_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The key of a service account as Google gives it out, and its public half."""
    rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    from cryptography.hazmat.primitives import serialization

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    path = tmp_path_factory.mktemp("keys") / "key.json"
    account = "audit@acme.iam.gserviceaccount.com"
    path.write_text(json.dumps({"type": "service_account", "client_email": account, "private_key": pem}))
    return path, key


def _segment(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.mark.parametrize("name", GOOGLE)
def test_a_service_accounts_key_is_exchanged_for_tokens(name: str, service_key: tuple[Path, Any]) -> None:
    """The assertion is as published (RFC 7523), the public key agrees with it, and it is made anew."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    path, key = service_key
    grants: list[str] = []

    def answer(request: Request) -> Any:
        if request.path == "/token":
            assert request.body["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
            head, claims, signature = request.body["assertion"].split(".")
            key.public_key().verify(_segment(signature), f"{head}.{claims}".encode(), PKCS1v15(), SHA256())
            told = json.loads(_segment(claims))
            assert told["iss"] == "audit@acme.iam.gserviceaccount.com"
            assert told["aud"] == "https://oauth2.googleapis.com/token"
            assert 0 < told["exp"] - told["iat"] <= 3600
            grants.append(told["scope"])
            return {"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"}
        if len(grants) == 1 and len(platform.requests) > 3:  # it expires
            raise RefusedError(401, [GONE] if name == "google_ads" else GONE)
        return ANSWERS[name](request)

    variables = {**TOKENS, "GOOGLE_OAUTH_ACCESS_TOKEN": "", "GOOGLE_APPLICATION_CREDENTIALS": str(path)}
    with running(answer) as platform:
        seen, gaps = parted(source(name, platform, **variables).read(WEEK))
    assert seen and gaps == []
    assert len(grants) == 2 and len(set(grants)) == 1
    assert grants[0].startswith("https://www.googleapis.com/auth/")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"client_email": "a", "private_key": 3}', "no", None])
def test_a_key_that_is_none_is_said_without_what_it_holds(content: str | None, tmp_path: Path) -> None:
    """Whatever the file holds, or where there is none."""
    path = tmp_path / "key.json"
    if content is not None:
        path.write_text(content)
    variables = {**TOKENS, "GOOGLE_OAUTH_ACCESS_TOKEN": "", "GOOGLE_APPLICATION_CREDENTIALS": str(path)}
    with running(ANSWERS["ga4"]) as platform:
        seen, (gap,) = parted(source("ga4", platform, **variables).read(WEEK))
    assert seen == [] and "GOOGLE_APPLICATION_CREDENTIALS" in gap.why
    assert str(tmp_path) not in repr(gap)


@pytest.mark.parametrize("cut", range(0, 1700, 61))
def test_a_damaged_key_signs_nothing(cut: int, service_key: tuple[Path, Any]) -> None:
    """A key of another kind, or half of one."""
    pem = json.loads(service_key[0].read_text())["private_key"]
    with pytest.raises(ValueError, match="key"):
        signer(pem[:cut])
    head, _, body = pem.partition("\n")
    with pytest.raises(ValueError, match="key"):
        signer(f"{head}\n{body[: cut // 4 * 4]}\n-----END PRIVATE KEY-----\n")


@pytest.mark.parametrize("name", PLATFORMS)
def test_no_credential_stands_in_what_is_said(name: str) -> None:
    """Neither the token nor what it is renewed by."""
    answer, _ = expiring(name, 0)
    with running(answer) as platform:
        _, gaps = parted(source(name, platform, **{**TOKENS, **REFRESH}).read(WEEK))
    told = repr(gaps)
    assert gaps
    assert not [word for word in (TOKEN, "s3cret", "issued-") if word in told]
