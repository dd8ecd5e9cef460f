"""Models of names and links: fields in, the written form out, and back, by canonry's own codec."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ._naming.codec import Codec
from ._naming.text import join, split, unquote
from ._record import Record

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Link", "Name", "Unreadable", "Unwritable"]


class Unwritable(ValueError):  # noqa: N818  reads as a sentence where it is caught
    """Fields of which no name or link can be made; `problems` are as `canonry utm build` has them."""

    def __init__(self, contract: str, problems: list[dict[str, Any]]) -> None:
        self.contract = contract
        self.problems = problems
        super().__init__(f"no {contract}: {_sentences(problems)}")


class Unreadable(ValueError):  # noqa: N818  as above
    """A text that is no name or link of the contract. `problems` say where it goes wrong."""

    def __init__(self, contract: str, problems: list[dict[str, Any]]) -> None:
        self.contract = contract
        self.problems = problems
        super().__init__(f"no {contract}: {_sentences(problems)}")


def _sentences(problems: list[dict[str, Any]]) -> str:
    return (
        "; ".join(
            f"{problem.get('field') or problem.get('param') or 'the text'} is {problem.get('found')!r}, "
            f"expected {problem.get('expected')}"
            + (f" (did you mean {problem['nearest']!r}?)" if problem.get("nearest") else "")
            for problem in problems
        )
        or "it matches no template"
    )


@lru_cache(maxsize=4)
def codec(package: str) -> Codec:
    """The codec over the package's compiled table."""
    from importlib.resources import files

    return Codec(json.loads(files(package).joinpath("schemas", "naming.json").read_text(encoding="utf-8")))


class _Written(Record, frozen=True):
    @classmethod
    def _codec(cls) -> Codec:
        return codec(cls.__contract__.package)

    def _built(self, platform: str | None) -> dict[str, Any]:
        built: dict[str, Any] = self._codec().build(self.__contract__.id, self.payload(), platform)
        if not built["ok"]:
            raise Unwritable(self.__contract__.id, built["problems"])
        return built

    @classmethod
    def _from_fields(cls, answer: Mapping[str, Any]) -> Self:
        if answer["status"] == "rejected" or answer["format"] != cls.__contract__.id:
            raise Unreadable(cls.__contract__.id, answer["rejections"])
        return cls.model_validate(answer["fields"])


class Link(_Written, frozen=True):
    """A tagged link's fields."""

    def params(self, platform: str | None = None) -> dict[str, str]:
        """The query parameters, in the order that links carry them. Raises `Unwritable`."""
        return dict(self._built(platform)["params"])

    def url(self, base: str, platform: str | None = None) -> str:
        """The address with the parameters; its own query and fragment stay. Raises `Unwritable`."""
        built = self._built(platform)
        return str(join(base, built["params"], built["macros"]))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The fields of a link, however it is spelt. Raises `Unreadable`."""
        params = {(unquote(key) or key): unquote(value) or value for key, value in split(text)[1]}
        return cls._from_fields(cls._codec().read_params(params, cls.__contract__.id))


class Name(_Written, frozen=True):
    """A name's fields."""

    def name(self) -> str:
        """The name. Raises `Unwritable`."""
        return str(self._built(None)["name"])

    @classmethod
    def parse(cls, text: str) -> Self:
        """The fields of a name, however it is spelt. Raises `Unreadable`."""
        contract = cls.__contract__.id
        return cls._from_fields(cls._codec().read_name(contract.split("/")[1], text, contract))
