"""JSON Pointers (RFC 6901): `/properties/a~1b`."""

from collections.abc import Iterable, Sequence

from canonry.kernel.jsonvalue import Json


def escape(token: str) -> str:
    """One reference token as it is written in a pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """The member name or index that a written token stands for."""
    return token.replace("~1", "/").replace("~0", "~")


def join(tokens: Iterable[str | int]) -> str:
    """The pointer that names these members and indices, from the root down."""
    return "".join("/" + (str(token) if isinstance(token, int) else escape(token)) for token in tokens)


def split(pointer: str) -> tuple[str, ...]:
    """The tokens of a pointer. Raises `ValueError` where it neither is empty nor begins with `/`."""
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError(f"a JSON Pointer is empty or begins with '/': {pointer!r}")
    return tuple(unescape(token) for token in pointer[1:].split("/"))


def resolve(document: Json, pointer: str | Sequence[str]) -> Json:
    """The value a pointer names. Raises `LookupError` where there is none."""
    value = document
    for token in split(pointer) if isinstance(pointer, str) else pointer:
        if isinstance(value, dict):
            if token not in value:
                raise LookupError(token)
            value = value[token]
        elif isinstance(value, list):
            if not (token.isascii() and token.isdigit()) or (token != "0" and token.startswith("0")):
                raise LookupError(token)
            value = value[int(token)]
        else:
            raise LookupError(token)
    return value
