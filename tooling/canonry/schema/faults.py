"""Why a document cannot be read as a schema, or a reference in it cannot be followed."""

from collections.abc import Sequence

from canonry.kernel.errors import CanonryError


class NotASchemaError(CanonryError):
    """The document is not a schema; `problems` are pairs of a JSON Pointer and what is wrong there."""

    hint = "Correct the named places; a metaschema validator shows the same ones."

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        shown = "; ".join(f"{place or 'the root'}: {what}" for place, what in self.problems[:5])
        more = f"; and {len(self.problems) - 5} more" if len(self.problems) > 5 else ""  # noqa: PLR2004 (as above)
        return f"not a schema: {shown}{more}"


class RefError(CanonryError):
    """A reference that leads nowhere canonry can follow; `pointer` is where it stands."""

    def __init__(self, ref: str, pointer: str) -> None:
        super().__init__(ref, pointer)
        self.ref = ref
        self.pointer = pointer


class DanglingRefError(RefError):
    """The document that the reference names is here, but holds nothing at that place."""

    hint = "Correct the reference, or add the definition that it names."

    def __str__(self) -> str:
        return f"dangling reference {self.ref!r:.200} at {self.pointer or 'the root'}"


class RemoteRefError(RefError):
    """The reference leads to another document, and canonry never fetches one."""

    hint = "Bundle the document it names into $defs (with its own $id), then compare again."

    def __str__(self) -> str:
        place = self.pointer or "the root"
        return f"remote reference {self.ref!r:.200} at {place}: canonry never fetches a document"
