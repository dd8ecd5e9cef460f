"""A small campaign at which nothing is wrong, in the repository's own registry, and ways to change it."""

import copy
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from canonry.adapters import generated
from canonry.adapters.client import imported
from canonry.adapters.datamodel import ModelGenerator
from canonry.adapters.worktree import DirectoryTree
from canonry.app.campaign.client import PACKAGE, client_files
from canonry.app.campaign.rehearsal import Rehearsal, rehearse
from canonry.app.compiled import compiled
from canonry.app.links import Book
from canonry.app.lint import lint
from canonry.catalogue.load import load
from canonry.catalogue.text import parse
from canonry.catalogue.tree import MemoryTree

ROOT = Path(__file__).parents[3]
KEY = "bcd2fw"
PATH = f"registry/campaigns/{KEY}.yaml"
TODAY = date(2026, 11, 25)
PLAN = """
slug: spring-beds
label: Spring beds
description: Beds before Easter in Germany.
owner: paid-media
backup_owner: crm
time_zone: Europe/Berlin
start: '2027-03-01'
end: '2027-04-15'
status: planned
fields:
  brand: acme
  market: de
  objective: sales
  flight: 2027-03
  funnel_stage: bof
  optimisation: value
  placement: feed
  variant: control
landing_url: https://www.example.com/de/beds
channels:
  - format: /utm/paid_social/v1
    platforms: [meta]
    fields: {source: facebook}
    creatives: [carousel_1x1_offer_shop-now_de_mof_mid_v1_b86ngr]
    segments: [/segments/product_viewers_7d/v1]
    optimisation_goal: VALUE
    owner: paid-media
  - format: /utm/paid_social/v1
    platforms: [meta]
    fields: {source: facebook}
    creatives: [carousel_1x1_offer_shop-now_de_bof_mid_v2_mbtxf2]
    segments: [/segments/cart_abandoners_3d/v1]
    optimisation_goal: VALUE
    owner: paid-media
  - format: /utm/offline_qr/v1
    fields: {source: poster, spot: berlin-u-bahn}
    owner: brand-content
segments: [/segments/product_viewers_7d/v1, /segments/cart_abandoners_3d/v1]
exclusions: [/segments/recent_purchasers_30d/v1, /segments/staff_and_tests/v1]
markets: [de]
success:
  metric: revenue
  event: /events/order_completed/v1
  target: 400,000 EUR
journey: [/events/order_completed/v1]
sequence:
  - {funnel_stage: mof, frequency_tier: mid}
  - {funnel_stage: bof, frequency_tier: mid}
policy:
  by_channel: [source, spot]
  never: [market, brand]
  generated: [quarter]
  approval: [objective]
approvals:
  - {field: objective, value: sales, by: paid-media, on: '2026-11-20'}
frozen: [end, success]
decisions:
  - metric: cost-per-order
    when: cost-per-order > 48 EUR
    window: 7 days
    action: Halve the budget of the dearest ad set.
    owner: paid-media
    signal: leading
  - metric: revenue
    when: revenue < 100,000 EUR
    window: 21 days
    action: End the campaign in March.
    owner: crm
    signal: lagging
"""


class Remembered(dict[str, Any]):
    """What lint has proved of the formats, which no fault touches."""

    def recall(self, question: str) -> Any:
        return self.get(question)

    def keep(self, question: str, answer: Any) -> None:
        self[question] = answer


MEMORY = Remembered()


@cache
def files() -> Mapping[str, bytes]:
    """The repository's registry with the campaign."""
    tree = DirectoryTree(ROOT)
    return {**{path: tree.read(path) for path in tree.paths()}, PATH: PLAN.lstrip().encode()}


def changed(edits: Mapping[str, Any]) -> dict[str, bytes]:
    """The registry with edits: `/pointer` into the plan, or `path#/pointer` into another file."""
    found = dict(files())
    for place, value in edits.items():
        path, _, pointer = place.rpartition("#")
        path = path or PATH
        document = copy.deepcopy(parse(path, found[path])[0].value)
        *way, last = [int(t) if t.isdigit() else t for t in pointer.replace("~1", "\0").split("/")[1:]]
        here = document
        for token in way:
            here = here[token.replace("\0", "/") if isinstance(token, str) else token]
        last = last.replace("\0", "/") if isinstance(last, str) else last
        if value is None:
            del here[last]
        elif last == "-":
            here.append(value)
        else:
            here[last] = value
        dump = json.dumps(document) if path.endswith(".json") else yaml.safe_dump(document, sort_keys=False)
        found[path] = dump.encode()
    return found


def rehearsed(data: Mapping[str, bytes], cache_file: Path, *, seed: int = 0, number: int = 60) -> Rehearsal:
    """The rehearsal of the campaign in a registry."""
    tree = MemoryTree(data)
    catalogue = load(tree).value
    index, parts = compiled(catalogue)
    models = ModelGenerator(cache_file)
    runtime = generated.runtime()
    return rehearse(
        catalogue,
        Book(index, parts.__getitem__),
        KEY,
        client_of=lambda contracts: imported(client_files(tree, contracts, models, runtime), PACKAGE),
        today=TODAY,
        findings=lint(tree, today=TODAY, memory=MEMORY).findings,
        seed=seed,
        number=number,
    )
