"""Whether a campaign's links read back, file under their channel, and arrive with their tags."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from canonry.app.campaign.act import Act
from canonry.app.campaign.routes import route

if TYPE_CHECKING:
    from canonry.app.campaign.objects import Item, Objects, Open


class Arrivals(Act):
    """Judges the links of one campaign; what is wrong goes into the ledger."""

    def _unbuilt(self, found: Objects) -> None:
        """One issue per thing that is missing and owner, however many objects and channels wait for it."""
        groups: dict[tuple[str, str, str], list[Open]] = {}
        for row in found.open:
            problem = row.message.partition(": ")[2] or row.message
            groups.setdefault((row.field, problem, self.ledger.channel_owner(row.channel)), []).append(row)
        for (_, problem, owner), rows in groups.items():
            objects = dict.fromkeys(row.message.partition(": ")[0] for row in rows)
            message = f"{problem}, for {', '.join(objects)}" if ": " in rows[0].message else rows[0].message
            self.ledger.add(
                "links", "blocker", message, rows[0].advice, owner, *(row.channel for row in rows)
            )

    def judged(self, found: Objects) -> tuple[list[Item], dict[str, Any]]:
        """The items whose links hold, and what became of all links."""
        self._unbuilt(found)
        good: list[Item] = []
        seen: dict[tuple[str, str | None], tuple[str, bool]] = {}
        channels: Counter[str] = Counter()
        broken = 0
        for item in found.items:
            if item.link is None:
                broken += 1
                continue
            text = item.link["url"] or item.link["text"]
            if (text, item.platform) not in seen:
                seen[text, item.platform] = self._judged(item)
                channels[seen[text, item.platform][0]] += 1
            if seen[text, item.platform][1]:
                good.append(item)
        counts = {
            "objects": len(found.items),
            "links": len(seen),
            "right": sum(ok for _, ok in seen.values()),
            "unbuilt": broken,
            "channels": dict(sorted(channels.items())),
        }
        return good, counts

    def _judged(self, item: Item) -> tuple[str, bool]:
        """The channel of a link, and whether it decodes, arrives with its tags, and lands there."""
        link = item.link or {}
        name = link["channel"]["name"] if link.get("channel") else "no channel"
        owner, ok = self.ledger.channel_owner(item.channel), True
        read = self.book.whole().read_params(dict(link["params"]))
        if read["status"] != "right" or read["format"] != item.format:
            message = f"the link of {item.format} does not read back as one: {read['status']}"
            self.ledger.add("links", "blocker", message, "canonry utm parse explains it", owner, item.channel)
            ok = False
        contract = self.catalogue.contract(item.format)
        declared = contract.meta.channel if contract is not None else None
        if declared is not None and name != declared:
            message = f"{item.format} promises {declared}; GA4 files the link under {name}"
            self.ledger.add(
                "links", "blocker", message, "a source and medium of that channel", owner, item.channel
            )
            ok = False
        return name, self._arrives(item, owner) and ok

    def _arrives(self, item: Item, owner: str) -> bool:
        page = self.campaign.channels[item.channel].landing_url or self.campaign.landing_url
        way = route(self.catalogue.domains, page)
        if way.loop:
            shown = " > ".join(way.stations[:4])
            message = f"the redirects of {page} never end: {shown} > ..."
            self.ledger.add(
                "links",
                "blocker",
                message,
                "a redirect that ends, in registry/domains.yaml",
                owner,
                item.channel,
            )
            return False
        if way.lost is not None:
            message = f"{way.lost} forwards without the query, so the tags of {page} are lost"
            self.ledger.add(
                "links", "blocker", message, f"a landing page behind {way.end}", owner, item.channel
            )
            return False
        return True
