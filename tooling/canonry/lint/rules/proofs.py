"""The static proofs over everything that templates can write. Broken comes with a witness."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from canonry.kernel.jsonvalue import Json
from canonry.lint.names import Names, names
from canonry.lint.subject import Remark, Subject

if TYPE_CHECKING:
    from canonry.naming.proofs import Proof


def _proofs(subject: Subject) -> tuple["Proof", ...]:
    """Every proof that did not succeed."""
    found = subject.once(names)
    if found is None:
        return ()
    if subject.memory is None:
        return _proved(found)
    model = found.model
    parts = (_VERSION, model.table, model.platforms, model.groups)
    question = "\n".join(json.dumps(part, sort_keys=True, default=str) for part in parts)
    answer = subject.memory.recall(question)
    if isinstance(answer, list):
        try:
            return tuple(_read(each) for each in answer)
        except (TypeError, KeyError, ValueError):
            pass  # not what was kept
    proofs = _proved(found)
    subject.memory.keep(question, [_written(proof) for proof in proofs])
    return proofs


_VERSION: Final = 3
"""Changes when answers are kept otherwise."""


def _proved(found: Names) -> tuple["Proof", ...]:
    from canonry.naming.proofs import Proved, prove

    return tuple(proof for proof in prove(found.model) if not isinstance(proof.verdict, Proved))


def _written(proof: "Proof") -> dict[str, Json]:
    return {**asdict(proof), "is": type(proof.verdict).__name__}


def _read(kept: Any) -> "Proof":
    from canonry.naming.proofs import Broken, Proof, Undecided

    said = dict(kept)
    verdicts: dict[str, type[Broken | Undecided]] = {"Broken": Broken, "Undecided": Undecided}
    verdict = verdicts[said.pop("is")](**said.pop("verdict"))
    return Proof(**said, verdict=verdict)


def _remarks(subject: Subject, kind: str, *, warning: bool = False) -> Iterator[Remark]:
    from canonry.naming.proofs import Broken, Proved, Undecided

    for proof in subject.once(_proofs):
        if proof.kind != kind or proof.warning != warning:
            continue
        place = subject.catalogue.by_text[proof.contract].place(proof.pointer)
        on = f"on {proof.platform}: " if proof.platform else ""
        values = tuple(filter(None, (proof.topic, proof.platform or "", proof.other)))
        match proof.verdict:
            case Broken(message, witness, suggestion):
                yield Remark(f"{on}{message}", place, suggestion, witness, values)
            case Undecided(reason):
                subjects = f"{proof.contract} and {proof.other}" if proof.other else proof.contract
                message = f"{on}nobody can say whether {_QUESTIONS[kind].format(subjects)}: {reason}"
                yield Remark(message, place, "bound the field that is too free", None, values, undecided=True)
            case Proved():
                pass  # left out above


_QUESTIONS = {
    "round-trip": "every name of {} has one reading",
    "across": "a name belongs to both {}",
    "channel": "every link of {} lands in its channel",
    "fit": "every name of {} fits",
    "macro": "the macros of {} are right",
}


def round_trip_broken(subject: Subject) -> Iterator[Remark]:
    """A name that a template can build has two readings, or loses a field.

    Proved over everything that the template can write: every word, every free value, every optional part. The
    witness is one name and its two readings.

    ## Why it matters
    Whoever decodes the name later gets one of the readings, and the report says something that nobody built.

    ## Instead
    Set the fields apart: a delimiter that neither can hold, a narrower pattern, a fixed length, or an
    optional part at the end. A field that nothing writes belongs into a template or out of the contract.
    """
    yield from _remarks(subject, "round-trip")


def contracts_overlap(subject: Subject) -> Iterator[Remark]:
    """A name or link belongs to two live contracts of one kind and level on a platform that both are for.

    Two majors of one contract may share names that they read alike.

    ## Why it matters
    Nobody can say which format built the link, so it counts for one of two channels by chance.

    ## Instead
    Tell them apart by a literal, a medium, a source or the number of words.
    """
    yield from _remarks(subject, "across")


def channel_broken(subject: Subject) -> Iterator[Remark]:
    """A link that the format permits lands in another channel than the one it declares.

    Proved for manual tagging, over every value that source, medium and campaign can have, by GA4's default
    rules and the company's own group. The witness is a link and the rule that took it.

    ## Why it matters
    One campaign name with `shop` in it moves its whole budget to Paid Shopping, and nobody sees why.

    ## Instead
    Narrow the field that the witness shows: `not: {"pattern": ...}`, a vocabulary of its own, a fixed medium.
    Or declare the channel that it really lands in.
    """
    yield from _remarks(subject, "channel")


def name_unfit(subject: Subject) -> Iterator[Remark]:
    """A name that the contract permits is too long for its platform, reserved, or has a forbidden character.

    Lengths are counted in the platform's own unit. A link is measured whole, with 200 characters kept free
    for the landing page: GA4 keeps 1,000 characters, Google Ads 2,084 bytes.

    ## Why it matters
    Platforms cut long names off, or refuse them on the evening before launch. What is cut cannot be decoded.

    ## Instead
    Lower a `maxLength`, shorten the longest word, or leave a field out. The witness is the longest name.
    """
    yield from _remarks(subject, "fit")


def macro_wrong(subject: Subject) -> Iterator[Remark]:
    """A form uses a macro that the platform does not know, that is another's, or that carries personal data.

    Judged is also whether it becomes what the form says: a name of the right level, or values of the pattern.

    ## Why it matters
    A macro that the platform does not replace arrives in reports as it is written, `{{ad.name}}` and all.

    ## Instead
    Use a macro of the platform's file in `registry/platforms/`. Add it there when the platform has a new one.
    """
    yield from _remarks(subject, "macro")


def value_truncated(subject: Subject) -> Iterator[Remark]:
    """A parameter's value can be longer than the 100 characters that GA4 surely keeps.

    ## Why it matters
    What is cut off cannot be decoded, and two long names become one.

    ## Instead
    Shorten the words or lower a `maxLength`; put what is only for reading into a parameter of its own.
    """
    yield from _remarks(subject, "fit", warning=True)
