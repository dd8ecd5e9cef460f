"""Whether what people are shown keeps to the planned order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from canonry.app.campaign.act import Act
from canonry.app.campaign.audiences import NEVER, Span, known, processing, sight
from canonry.app.campaign.issues import Issue
from canonry.kernel.durations import minutes

if TYPE_CHECKING:
    from canonry.app.campaign.audiences import Visitor
    from canonry.app.campaign.objects import Item
    from canonry.app.campaign.visitors import Played


class Order(Act):
    """Follows the visitors of one campaign along its pieces; what is wrong goes into the ledger."""

    def followed(self, items: Sequence[Item], played: Played) -> dict[str, Any]:
        """What somebody is shown as time goes on must not go back in the planned order."""
        steps = [(step.funnel_stage, step.frequency_tier) for step in self.campaign.sequence]
        pieces = self._pieces(items)
        if not steps:
            return {"planned": [], "shown": _shown(pieces), "out_of_order": 0}
        rank = {step: number for number, step in enumerate(steps)}
        out: Counter[tuple[str, str, str]] = Counter()
        spans_of = self._exposures(items)
        for visitor in played.visitors:
            clicked = items[visitor.link]
            self._compared(visitor, clicked, items, pieces, rank, spans_of, out)
        for (platform, later_piece, earlier_piece), count in sorted(out.items()):
            label = self.book.label(platform)
            message = (
                f"on {label} people who are shown {later_piece} may still be shown "
                f"{earlier_piece}, which comes before it"
            )
            numbers = {
                i.channel
                for i in items
                if i.platform == platform and i.creative in (later_piece, earlier_piece)
            }
            self.ledger.issues.append(
                Issue(
                    "sequence",
                    "warning",
                    message,
                    "an exclusion of the later audience from the earlier piece",
                    self.ledger.channel_owner(min(numbers, default=0)),
                    frozenset(numbers),
                    count=count,
                )
            )
        return {"planned": steps, "shown": _shown(pieces), "out_of_order": sum(out.values())}

    def _pieces(self, items: Sequence[Item]) -> dict[str, tuple[str, str]]:
        codec = self.book.whole()
        found: dict[str, tuple[str, str]] = {}
        for item in items:
            if item.creative and item.creative not in found:
                fields = codec.read_name("creatives", item.creative)["fields"]
                found[item.creative] = (str(fields.get("funnel_stage")), str(fields.get("frequency_tier")))
        return found

    def _exposures(self, items: Sequence[Item]) -> Callable[[Item, Visitor], list[Span]]:
        memory: dict[tuple[str, str, int], list[Span]] = {}

        def spans(item: Item, visitor: Visitor) -> list[Span]:
            if item.segment is None or item.platform is None:
                return [Span(visitor.arrival, NEVER)]
            place = (item.segment, item.platform, visitor.number)
            if place not in memory:
                contract = self.catalogue.contract(item.segment)
                audience = self.audiences.get(item.segment)
                held = (
                    [d for d in contract.meta.destinations if d.platform == item.platform] if contract else []
                )
                if audience is None or not held:
                    memory[place] = []
                else:
                    sync = minutes(held[0].sync) if held[0].sync else 0
                    memory[place] = known(
                        audience.spans(visitor, sight(held[0])),
                        audience.refresh,
                        sync,
                        processing(self.catalogue, held[0]),
                    )
            return memory[place]

        return spans

    def _compared(
        self,
        visitor: Visitor,
        clicked: Item,
        items: Sequence[Item],
        pieces: Mapping[str, tuple[str, str]],
        rank: Mapping[tuple[str, str], int],
        spans_of: Callable[[Item, Visitor], list[Span]],
        out: Counter[tuple[str, str, str]],
    ) -> None:
        """Once a later piece can be shown on a platform, an earlier one that still can is out of order."""
        shown: dict[tuple[str, str], tuple[int, list[Span]]] = {}
        for item in items:
            step = pieces.get(item.creative or "")
            if item.platform != clicked.platform or step is None or step not in rank or item.creative is None:
                continue
            spans = spans_of(item, visitor)
            if spans:
                shown.setdefault((item.creative, str(item.segment)), (rank[step], spans))
        for (later_piece, _), (later_rank, later_spans) in shown.items():
            for (earlier_piece, _), (earlier_rank, earlier_spans) in shown.items():
                if earlier_rank < later_rank and _overlap(later_spans, earlier_spans):
                    out[clicked.platform or "", later_piece, earlier_piece] += 1


def _overlap(later: Sequence[Span], earlier: Sequence[Span]) -> bool:
    return any(a.start < b.end and b.start < a.end for a in later for b in earlier)


def _shown(pieces: Mapping[str, tuple[str, str]]) -> list[dict[str, str]]:
    return [{"creative": name, "funnel_stage": s, "frequency_tier": t} for name, (s, t) in pieces.items()]
