"""Google's REST surfaces, held to Google's own discovery documents, in what is asked and what is answered."""

import json
import re
from functools import cache
from typing import Any

from tests.e2e.platforms.server import TOKEN, RefusedError, Request

SMALL = 2
"""Members a page at the most, so that every list has several."""


@cache
def discovery(name: str, version: str) -> dict[str, Any]:
    """The published definition of an API, as its own client ships it."""
    from googleapiclient.discovery_cache import get_static_doc

    document = get_static_doc(name, version)
    assert document is not None
    return json.loads(document)


def methods(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Every method of a discovery document."""
    found = list(node.get("methods", {}).values())
    for inner in node.get("resources", {}).values():
        found += methods(inner)
    return found


def method_of(document: dict[str, Any], request: Request) -> dict[str, Any]:
    """The published method that the request calls, with nothing in it that it does not take."""
    common = set(document.get("parameters", {}))
    for method in methods(document):
        path = method.get("flatPath") or method["path"]
        pattern = re.sub(r"\\\{\\?\+?[A-Za-z]+\\\}", "[^/]+", re.escape("/" + path))
        if method["httpMethod"] == request.method and re.fullmatch(pattern, request.path):
            given = {name.removeprefix("$") for name in request.query}
            unknown = given - set(method.get("parameters", {})) - common
            if unknown:
                raise RefusedError(400, _error(400, "INVALID_ARGUMENT", f"Unknown name {sorted(unknown)}"))
            if "request" in method:
                check(document, method["request"]["$ref"], request.body)
            return method
    raise RefusedError(404, _error(404, "NOT_FOUND", f"no method {request.method} {request.path}"))


def check(document: dict[str, Any], schema: str, value: Any) -> Any:
    """The value, where it is what the schema of the discovery document says."""
    _check(document, {"$ref": schema}, value, schema)
    return value


def _check(document: dict[str, Any], schema: dict[str, Any], value: Any, where: str) -> None:
    if "$ref" in schema:
        definition = document["schemas"][schema["$ref"]]
        assert isinstance(value, dict), where
        for key, member in value.items():
            assert key in definition.get("properties", {}), f"{where} has no {key}"
            _check(document, definition["properties"][key], member, f"{where}.{key}")
        return
    kind = schema.get("type")
    if kind == "array":
        assert isinstance(value, list), where
        for each in value:
            _check(document, schema["items"], each, f"{where}[]")
    elif kind == "string":
        assert isinstance(value, str), f"{where} is text, int64 too"
        assert value in schema.get("enum", [value]), f"{where}: {value}"
    elif kind == "integer":
        assert isinstance(value, int), where
    elif kind == "boolean":
        assert isinstance(value, bool), where


def paged(request: Request, key: str, members: list[Any]) -> dict[str, Any]:
    """A page of a list as Google's APIs give it."""
    start = int(request.one("pageToken", "0") or 0)
    size = min(int(request.one("pageSize", "50")), SMALL)
    answer: dict[str, Any] = {key: members[start : start + size]}
    if start + size < len(members):
        answer["nextPageToken"] = str(start + size)
    return answer


def authorised(request: Request) -> None:
    """Refuses a token that is not the tests'."""
    if request.headers.get("authorization") not in (f"Bearer {TOKEN}", None):
        raise RefusedError(
            401, _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        )


def _error(code: int, status: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": status}}


def token(request: Request) -> dict[str, Any]:
    """What the token service answers to a refresh token."""
    if request.body.get("refresh_token") != "r":
        raise RefusedError(400, {"error": "invalid_grant", "error_description": "Token has been expired."})
    return {"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"}
