"""The failure map as a page: from what somebody sees to where its cause usually is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from canonry.pages.markup import attribute, code, facts, filters, lead, page, paragraphs, sentence, text

if TYPE_CHECKING:
    from canonry.catalogue.documents.notes import Symptom
    from canonry.kernel.rule import Rule
    from canonry.pages.site import Site

LAYERS: Final = {
    "registry": "what is agreed",
    "link": "what people click",
    "platform": "where ads and mails are set up",
    "tag": "what the page or app sends",
    "consent": "what may be sent",
    "identity": "who it was",
    "segment": "who belongs",
    "sync": "what reaches the platforms",
    "warehouse": "what is stored",
    "report": "what is read",
}
"""The way of a number from agreement to report, in its order."""


def trouble_page(site: Site, rules: Iterable[Rule]) -> str:
    """Symptoms by layer: each with its cause, where to look, which tool shows it, what to do, which rule."""
    title = "Something looks wrong"
    autopsy = site.catalogue.autopsy
    if autopsy is None or not autopsy.symptoms:
        return page(title, "This registry has no failure map yet: it is `registry/autopsy.yaml`.")
    names = {rule.code: rule.name for rule in rules}
    by_layer: dict[str, list[str]] = {layer: [] for layer in LAYERS}
    for key, symptom in autopsy.symptoms.items():
        by_layer[symptom.layer].append(_symptom(key, symptom, names))
    used = {layer: found for layer, found in by_layer.items() if found}
    way = "".join(
        f'<li><a href="#{layer}"><strong>{layer}</strong> <span>{LAYERS[layer]}</span> '
        f"<b>{len(found)}</b></a></li>"
        for layer, found in used.items()
    )
    sections = [
        f'<section class="layer" id="{layer}">\n<p class="layer-name"><strong>{layer}</strong> '
        f"{LAYERS[layer]}</p>\n" + "\n".join(found) + "\n</section>"
        for layer, found in used.items()
    ]
    return page(
        title,
        lead("Find what you see; open it for its cause, where to look, which tool shows it and what to do."),
        f'<ol class="way">{way}</ol>',
        filters("layer"),
        '<div class="filtered symptoms">\n' + "\n".join(sections) + "\n</div>",
        paragraphs(
            "Nothing here fits? `canonry search` and the search above look through everything; "
            "`canonry utm parse` explains any link."
        ),
        toc=False,
    )


def _symptom(key: str, symptom: Symptom, names: dict[str, str]) -> str:
    rules = ", ".join(
        f'<a href="../rules/{text(rule)}/">{text(rule)} {text(names[rule])}</a>'
        if rule in names
        else text(rule)
        for rule in symptom.rules
    )
    rows = facts(
        [
            ("Usually", sentence(symptom.likely_cause)),
            ("Look at", sentence(symptom.look_at)),
            ("Tool", code(symptom.command) if symptom.command else ""),
            ("Do", sentence(symptom.fix)),
            ("Rules", rules or "none finds it: a person must look"),
        ]
    )
    return (
        f'<details class="item" {attribute("layer", symptom.layer)}>\n'
        f"<summary><span>{sentence(symptom.symptom)}</span></summary>\n"
        f'<div id="{text(key)}">\n{rows}\n</div>\n</details>'
    )
