"""Static proofs over everything that a template can write: values in, verdicts out.

    model = Model(table, platforms)          # canonry.naming.languages
    for proof in prove(model): ...           # every contract, every pair
    round_trip(model, id), across(model, id, other), channel(model, id), fit(model, id), macros(model, id)

A verdict is `Proved`, `Broken` with a witness, or `Undecided` with a reason. Each is exact over the whole
language: fields, optional parts, allowed combinations, ids with their check, nested names, macros as what
they become.
"""

from collections.abc import Iterator

from canonry.naming.languages import Model
from canonry.naming.proofs.across import across, pairs
from canonry.naming.proofs.channel import channel
from canonry.naming.proofs.fit import fit
from canonry.naming.proofs.macros import macros
from canonry.naming.proofs.roundtrip import round_trip
from canonry.naming.proofs.verdict import Broken, Proof, Proved, Undecided, Verdict

__all__ = [
    "Broken",
    "Proof",
    "Proved",
    "Undecided",
    "Verdict",
    "across",
    "channel",
    "fit",
    "macros",
    "pairs",
    "prove",
    "prove_contract",
    "round_trip",
]


def prove_contract(model: Model, identifier: str) -> Iterator[Proof]:
    """Every proof about one contract by itself."""
    yield from round_trip(model, identifier)
    yield from channel(model, identifier)
    yield from fit(model, identifier)
    yield from macros(model, identifier)


def prove(model: Model) -> Iterator[Proof]:
    """Every proof about every contract of the table, and about every pair that could clash."""
    for identifier in model.table["contracts"]:
        yield from prove_contract(model, identifier)
    for identifier, other in pairs(model):
        yield from across(model, identifier, other)
