"""Names that registry files write down: they must be names that a contract builds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from canonry.lint.names import names
from canonry.lint.subject import Remark, Subject

if TYPE_CHECKING:
    from canonry.naming.codec import Codec

_AUDIENCES: Final = ("audience", "segment", "list", "saved_audience")
"""What platforms call the object that holds a segment."""


def _codec(subject: Subject) -> "Codec | None":
    found = subject.once(names)
    if found is None:
        return None
    from canonry.naming.codec import Codec

    return Codec(found.model.table)


def creative_misnamed(subject: Subject) -> Iterator[Remark]:
    """A campaign lists a creative by a name that no creative tag's contract builds.

    ## Why it matters
    Its clicks cannot be matched with the piece that was shown.

    ## Instead
    Copy the tag from `canonry name build`. The message names the word that does not fit and the nearest one.
    """
    codec = subject.once(_codec)
    if codec is None or not codec.live("creatives"):
        return
    for key, campaign in subject.catalogue.campaigns.items():
        for number, channel in enumerate(campaign.channels):
            for index, name in enumerate(channel.creatives):
                answer = codec.read_name("creatives", name)
                if answer["status"] != "right":
                    pointer = f"/channels/{number}/creatives/{index}"
                    place = subject.catalogue.sources.place(f"registry/campaigns/{key}.yaml", pointer)
                    message = f"{name!r} is the name of no creative: {_why(answer)}"
                    yield Remark(message, place, _advice(answer), values=(name,))


def audience_misnamed(subject: Subject) -> Iterator[Remark]:
    """A segment's audience has a name that the platform's object contract does not build.

    Platforms without a contract for audience names are left alone.

    ## Why it matters
    The audit looks for the audience by this name, and exclusions are set up by hand from it.

    ## Instead
    Build the name with `canonry name build`. The message names the word that does not fit.
    """
    codec = subject.once(_codec)
    if codec is None:
        return
    for contract in subject.catalogue.of_kind("segments"):
        for number, destination in enumerate(contract.meta.destinations):
            answers = [
                codec.read_name("objects", destination.audience, str(other.id))
                for other in subject.catalogue.of_kind("objects")
                if destination.platform in other.meta.platforms
                and other.meta.level in _AUDIENCES
                and str(other.id) in codec.table["contracts"]
            ]
            if answers and not any(answer["status"] == "right" for answer in answers):
                place = contract.place(f"/x-contract/destinations/{number}/audience")
                why = _why(answers[0])
                message = f"{destination.audience!r} is no audience name of {destination.platform}: {why}"
                yield Remark(message, place, _advice(answers[0]), values=(destination.audience,))


def _why(answer: dict[str, Any]) -> str:
    if answer["notes"]:
        note = answer["notes"][0]
        return f"{note.get('field') or 'it'} is written {note.get('found')!r}"
    for rejection in answer["rejections"]:
        expected = rejection.get("expected")
        wanted = f", expected {expected}" if expected else ""
        return f"{rejection.get('field') or 'there'}: found {rejection.get('found')!r}{wanted}"
    return "no template builds it"


def _advice(answer: dict[str, Any]) -> str:
    if answer["right"]:
        return f"write {answer['right']!r}"
    near = next((each["nearest"] for each in answer["rejections"] if each.get("nearest")), None)
    return f"did you mean {near!r}?" if near else ""
