"""JSON Schema compatibility: proved, broken with a payload, or undecided. Knows nothing of contracts.

>>> from canonry.schema import compare
>>> compare({"type": "integer"}, {"type": "integer", "minimum": 0}).witness
-1
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from canonry.schema.comparison import Comparison, compare

__all__ = ["Comparison", "compare"]


def __getattr__(name: str) -> object:
    """Loads the procedure when it is first asked for: most commands never compare anything."""
    if name in __all__:
        from canonry.schema import comparison

        return getattr(comparison, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
