"""Links that were right and are broken in one way: one breakage per rule on links that an audit can find.

A breakage takes a world and a right link, and answers the broken one and the right correction: the link
itself, another one, or None where nobody can know what was meant. No broken link where this one cannot be
broken so.
"""

import re
from urllib.parse import quote

from canonry.naming.runtime.text import distance

EXACT = True
"""The correction is the link as it was."""
ANY = False
"""Whether there is a correction depends on how near the word is to others."""


def _params(link):
    place, _, query = link.partition("?")
    return place, [tuple(pair.split("=", 1)) for pair in query.split("&")]


def _link(place, params):
    return f"{place}?{'&'.join(f'{key}={value}' for key, value in params)}"


def _with(link, key, change):
    """The link with another value of a parameter; None where it has none, or it stays as it is."""
    place, params = _params(link)
    if key not in dict(params) or (value := change(dict(params)[key])) in (None, dict(params)[key]):
        return None
    return _link(place, [(each, value if each == key else kept) for each, kept in params])


def _host(link, host):
    return re.sub(r"//[^/]+", f"//{host}", link, count=1)


def question_marks(world, link):
    """Two question marks, one in another writing, or none."""
    kind = world.rng.randrange(4)
    if kind == 0:
        return link.replace("?", "?page=2?", 1), link.replace("?", "?page=2&", 1)
    if kind == 1:
        return link.replace("?", "%3F", 1), EXACT
    if kind == 2:
        return link.replace("&", "?", 1), EXACT
    return link.replace("?", "&", 1), EXACT


def fragment(world, link):
    """The parameters after a hash."""
    if world.rng.random() < 0.5:
        return link.replace("?", "#?", 1), EXACT
    return link.replace("?", "#top?", 1), link + "#top"


def ampersand(world, link):
    """An ampersand as HTML, JSON or a form writes it."""
    return link.replace("&", world.rng.choice(("&amp;", "&#38;", "%26", "\\u0026")), 1), EXACT


def encoding(world, link):
    """A letter of a value that was encoded twice."""
    return _with(link, "utm_campaign", lambda v: f"%25{ord(v[0]):02X}{v[1:]}"), EXACT


def space(world, link):
    """A space in the path."""
    place, _, query = link.partition("?")
    return f"{place}/new arrivals?{query}", f"{place}/new%20arrivals?{query}"


def repeated(world, link):
    """A parameter that stands there twice."""
    place, params = _params(link)
    key, value = world.rng.choice(params)
    return f"{link}&{key}={value}", _link(place, [pair for pair in params if pair[0] != key] + [(key, value)])


def misspelt(world, link):
    """The name of a parameter with a slip of the finger."""
    old, new = world.rng.choice(
        (("utm_source", "utm_sorce"), ("utm_medium", "utm-medium"), ("utm_campaign", "UTM_Campaign"))
    )
    return link.replace(f"{old}=", f"{new}=", 1), EXACT


def wrapped(world, link):
    """The marks around a link were pasted with it."""
    before, after = world.rng.choice((('"', '"'), ("<", ">"), ("\u201c", "\u201d"), ("", ",")))
    return f"{before}{link}{after}", EXACT


def control(world, link):
    """A line break or a tab within."""
    return link.replace("&", world.rng.choice(("\t&", "\r\n&")), 1), EXACT


def scheme(world, link):
    """No scheme before the host."""
    return link.partition("://")[2], EXACT


def no_host(world, link):
    """A host that no browser reaches."""
    return _host(link, world.rng.choice(("www..example.com", "-www.example.com", "www_example.com"))), None


def foreign_letters(world, link):
    """A host that looks like ours."""
    return _host(link, "www.ex\u00e4mple.com"), None


def elsewhere(world, link):
    """A host of somebody else."""
    return _host(link, f"partner{world.rng.randrange(99)}.example.org"), None


def internal(world, link):
    """A page of ours that no campaign leads to: tags on an internal link."""
    return _host(link, world.rng.choice(("account.example.com", "help.example.com", "app.example.com"))), None


def userinfo(world, link):
    """A password before the host."""
    return link.replace("://", "://ada:geheim@", 1), EXACT


def long(world, link):
    """More than analytics keep of an address."""
    place, _, query = link.partition("?")
    return f"{place}/{'a' * 1_000}?{query}", None


def missing(world, link):
    """A required parameter is not there."""
    if "utm_id=" not in link:
        return None, None
    place, params = _params(link)
    return _link(place, [(key, value) for key, value in params if key != "utm_id"]), EXACT


def foreign(world, link):
    """A parameter that no format has."""
    return f"{link}&utm_flavour=vanilla", EXACT


def _words(world, contract):
    """Field to its words, for fields of a format that have a vocabulary."""
    for name, field in world.codec.contract(contract).fields.items():
        vocabulary = world.standard.catalogue.vocabularies.get(
            getattr(field, "spec", {}).get("vocabulary") or ""
        )
        if vocabulary:
            yield name, vocabulary.words


def unknown(world, link):
    """A word with a letter lost, near no other."""
    contract = world.read(link)["format"]
    for name, _ in _words(world, contract):
        choices = world.codec.contract(contract).fields[name].choices() or []
        for word in choices:
            wrong = word[:2] + word[3:]
            near = [w for w in choices if w != word and distance(wrong, w, 2) <= 2]
            loose = world.codec.contract(contract).fields[name].read_loosely(wrong)
            if (
                len(word) >= 6
                and not near
                and wrong not in choices
                and loose is None
                and link.count(word) == 1
            ):
                return link.replace(word, wrong), EXACT
    return None, None


def invalid(world, link):
    """A month that no calendar has."""
    return _with(
        link, "utm_campaign", lambda v: re.sub("_20(2[0-9])(?:0[1-9]|1[0-2])_", r"_20\g<1>13_", v)
    ), None


def spelling(world, link):
    """A value in capitals."""
    key = world.rng.choice(("utm_source", "utm_medium"))
    return _with(link, key, str.upper), EXACT


def _status(status):
    def outdated(world, link):
        contract = world.read(link)["format"]
        found = [
            (entry.replaced_by, word)
            for name, words in _words(world, contract)
            if len(world.codec.contract(contract).fields[name].choices() or ()) > 1
            for word, entry in words.items()
            if entry.status == status
            and entry.replaced_by
            and (status == "retired" or word in world.codec.contract(contract).deprecated.get(name, {}))
        ]
        world.rng.shuffle(found)
        for new, old in found:
            for key in ("utm_source", "utm_medium", "utm_campaign"):
                value = dict(_params(link)[1]).get(key, "")
                if value.split("_").count(new) == 1:
                    cut = "_".join(old if piece == new else piece for piece in value.split("_"))
                elif value == new:
                    cut = old
                else:
                    continue
                return _with(link, key, lambda _, cut=cut: cut), EXACT
        return None, None

    outdated.__doc__ = f"A word that is {status}."
    return outdated


deprecated, retired = _status("deprecated"), _status("retired")


def disagree(world, link):
    """An id that is another than the campaign's name ends in."""
    if dict(_params(link)[1]).get("utm_id") not in world.standard.campaigns:
        return None, None
    other = world.rng.choice([key for key in sorted(world.standard.campaigns) if key not in link])
    return _with(link, "utm_id", lambda _: other), EXACT


def mistyped(world, link):
    """An id with two characters swapped."""
    campaign = world.read(link)["fields"].get("campaign_id", "")
    wrong = campaign[:2] + campaign[3] + campaign[2] + campaign[4:]
    if not campaign or wrong == campaign:
        return None, None
    return link.replace(campaign, wrong), None


def macro_left(world, link):
    """A macro of the platform that it did not fill in."""
    if world.read(link)["format"] != "/utm/paid_social/v1":
        return None, None
    return _with(link, "utm_content", lambda _: "{{ad.name}}"), EXACT if _waits(world, link) else None


def macro_wrong(world, link):
    """A macro of a platform where the format does not run."""
    if world.read(link)["format"] != "/utm/paid_social/v1":
        return None, None
    return _with(link, "utm_content", lambda _: "{creative}"), EXACT if _waits(world, link) else None


def personal(world, link):
    """Somebody's address or number in a parameter of the page."""
    key, value = world.rng.choice(
        (("mail", "ada%40example.org"), ("q", "%2B49%20170%205550199"), ("phone", "01705550199"))
    )
    return f"{link}&{key}={value}", EXACT


def letters(world, link):
    """Letters beyond a-z in a value."""
    slug = world.read(link)["fields"].get("slug")
    if not slug:
        return None, None
    return link.replace(slug, quote(slug[:-1] + "\u00fc")), None


def value_long(world, link):
    """A value longer than analytics surely keep."""
    if _waits(world, link):
        return None, None
    return _with(link, "utm_content", lambda v: v + "x" * 100), ANY


def _waits(world, link):
    """Whether a link holds macros that its platform fills in."""
    return any(macro in link for macro in world.standard.reader.macros)


def legacy(world, link):
    """Words left out, as an older template of the format had it."""
    contract = world.read(link)["format"]
    value = dict(_params(link)[1])["utm_campaign"]
    pieces = value.split("_")
    if _waits(world, link):
        return None, None
    for first in range(len(pieces)):
        for second in range(first + 1, len(pieces)):
            short = "_".join(each for at, each in enumerate(pieces) if at not in (first, second))
            broken = _with(link, "utm_campaign", lambda _, short=short: short)
            report = world.standard.reader.read(broken)
            if {issue["name"] for issue in report["issues"]} == {"link-legacy-template"}:
                assert report["format"] == contract
                return broken, None
    return None, None


def macro_value(world, link):
    """A word of one's own where the platform's macro belongs."""
    if not _waits(world, link):
        return None, None
    return _with(link, "utm_id", lambda _: "abc"), EXACT


BREAKAGES = {
    "U102": (question_marks, ()),
    "U103": (fragment, ()),
    "U104": (ampersand, ()),
    "U105": (encoding, ()),
    "U106": (space, ()),
    "U107": (repeated, ()),
    "U108": (misspelt, ()),
    "U109": (wrapped, ()),
    "U110": (control, ()),
    "U111": (scheme, ()),
    "U112": (no_host, ("U114",)),
    "U113": (foreign_letters, ("U114",)),
    "U114": (elsewhere, ()),
    "U115": (internal, ()),
    "U116": (userinfo, ()),
    "U117": (long, ()),
    "U123": (missing, ()),
    "U124": (foreign, ()),
    "U125": (unknown, ("A204",)),
    "U126": (invalid, ()),
    "U127": (spelling, ()),
    "U128": (deprecated, ()),
    "U129": (retired, ("A204", "U143")),
    "U130": (legacy, ()),
    "U132": (disagree, ()),
    "U133": (mistyped, ()),
    "U134": (macro_left, ()),
    "U135": (macro_wrong, ()),
    "U136": (macro_value, ()),
    "U137": (personal, ()),
    "U141": (letters, ("U126",)),
    "U142": (value_long, ("U125", "U126")),
}
"""Rule to its breakage, and the rules that say the same from another side."""
VISITED = frozenset({"U134"})
"""What only a visit shows: in an ad a macro waits, or is the wrong one."""

NOT_PLANTED = {
    "U101": "only a shell cuts a link so",
    "U120": "an audit says it of an ad (A206), and counts visits without tags",
    "U121": "needs a registry without formats: tests/cases/links",
    "U122": "needs two formats that write the same, which lint refuses: test_small",
    "U131": "no shipped format has combinations: tests/cases/links",
    "U138": "a click id beside tags is normal in what was clicked",
    "U139": "an audit says it of paid tags (A201); on others somebody shared what they had clicked",
    "U140": "counted as not ours where a tool wrote it; else its word is unknown (U125)",
    "U143": "a format's words land in its channel, or lint refuses it: test_small",
    "U144": "right in an ad",
}
"""Rules on links that nothing observed can break in the shipped catalogue, or that audits leave out."""
