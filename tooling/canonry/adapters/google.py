"""How Google's APIs are entered: an access token, or a refresh token that is exchanged for one."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from canonry.adapters.apis import Environment, required
from canonry.adapters.rest import ApiError, Rest

TOKEN_HOST: Final = "https://oauth2.googleapis.com"
TOKEN: Final = "GOOGLE_OAUTH_ACCESS_TOKEN"
REFRESH: Final = ("GOOGLE_OAUTH_CLIENT_ID", "GOOGLE_OAUTH_CLIENT_SECRET", "GOOGLE_OAUTH_REFRESH_TOKEN")


def access_token(platform: str, host: str, environment: Environment) -> str:
    """A token from the environment, or a new one for the refresh token there.

    Raises `CredentialsMissingError` where the environment has neither, `ApiError` where none is given out.
    """
    if environment.get(TOKEN, "").strip():
        return required(platform, environment, TOKEN)[0]
    if not any(environment.get(variable) for variable in REFRESH):
        required(platform, environment, TOKEN)
    client, secret, refresh = required(platform, environment, *REFRESH)
    # A stand-in on this machine answers for the token service too.
    address = TOKEN_HOST if urlsplit(host).scheme == "https" else host
    rest = Rest(platform, address, secrets=(client, secret, refresh), explain=explained)
    try:
        answer = rest.form(
            "/token",
            {
                "client_id": client,
                "client_secret": secret,
                "refresh_token": refresh,
                "grant_type": "refresh_token",
            },
        )
    except ApiError as error:
        error.next_step = "The refresh token may have expired: grant access again and renew it"
        raise
    finally:
        rest.close()
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise ApiError(platform, "/token", "the answer holds no access token", "Grant access again")
    return token


def explained(document: object) -> str | None:
    """What a Google API says went wrong: status and message."""
    if isinstance(document, list):  # a stream's error comes as a list of one
        document = document[0] if document else None
    if not isinstance(document, dict):
        return None
    error = document.get("error")
    if isinstance(error, dict):
        return " ".join(str(error[key]) for key in ("status", "message") if error.get(key)) or None
    return str(document.get("error_description") or error) if error else None
