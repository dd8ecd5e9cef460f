"""Access that expires: a grant is exchanged for a token, and again when the token has expired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from canonry.adapters.answers import Access, ApiError, Conventions
from canonry.adapters.rest import Rest

GRANT_AGAIN: Final = "Grant access again and set the new token"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token service gives tokens for. `form` is made anew each time: an assertion expires as well."""

    platform: str
    host: str
    path: str
    form: Callable[[], Mapping[str, str]] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    conventions: Conventions
    advice: str = GRANT_AGAIN

    def access(self) -> Access:
        """A new token. Raises `ApiError` where none is given out."""
        rest = Rest(self.platform, self.host, secrets=self.secrets, conventions=self.conventions)
        try:
            answer = rest.form(self.path, self.form())
        except ApiError as error:
            error.next_step = error.next_step if error.passing and error.status is None else self.advice
            raise
        finally:
            rest.close()
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
            raise ApiError(self.platform, self.path, "the answer holds no access token", self.advice)
        return Access({"Authorization": f"Bearer {token}"}, (token, *self.secrets))
