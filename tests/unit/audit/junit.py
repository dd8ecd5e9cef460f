"""What programs that read JUnit XML agree on: elements, where they stand, attributes and their form.

There is no standard. This is what the schemas of Jenkins' xUnit plugin (junit-10) and of Ant's writer have in
common, and what GitLab and Azure document that they read: whatever fits here, all of them take.
"""

import re

_COUNT, _TIME, _ANY = re.compile(r"[0-9]+"), re.compile(r"[0-9]+(\.[0-9]+)?"), re.compile(r"(?s).*")
_COUNTS = {"tests": _COUNT, "failures": _COUNT, "errors": _COUNT}
_SAID = ({}, {"message": _ANY, "type": _ANY}, ())
DIALECT = {
    "testsuites": (_COUNTS, {"name": _ANY, "time": _TIME}, ("testsuite",)),
    "testsuite": (
        {"name": _ANY, **_COUNTS},
        {"skipped": _COUNT, "time": _TIME, "timestamp": _ANY, "hostname": _ANY},
        ("properties", "testcase", "system-out", "system-err"),
    ),
    "testcase": (
        {"name": _ANY, "classname": _ANY},
        {"time": _TIME},
        ("skipped", "error", "failure", "system-out", "system-err"),
    ),
    "failure": _SAID,
    "error": _SAID,
    "skipped": _SAID,
    "system-out": ({}, {}, ()),
    "system-err": ({}, {}, ()),
}
"""Element to the attributes it must have, those it may have, and its children in their order."""


def misfits(element, inside=""):
    """Where a document leaves the dialect; empty where every reader takes it."""
    where = f"{inside}/{element.tag}"
    if element.tag not in DIALECT:
        return [f"{where} is no element"]
    required, optional, children = DIALECT[element.tag]
    found = [f"{where} lacks {name}" for name in required if name not in element.attrib]
    for name, value in element.attrib.items():
        form = required.get(name) or optional.get(name)
        if form is None or not form.fullmatch(value):
            found.append(f"{where} has {name}={value!r}")
    order = [children.index(child.tag) if child.tag in children else -1 for child in element]
    if -1 in order or order != sorted(order):
        found.append(f"{where} has {[child.tag for child in element]}")
    if children and (element.text or "").strip():
        found.append(f"{where} has text")
    if element.tag in ("testsuites", "testsuite"):
        found += [f"{where} counts {name} wrong" for name in _COUNTS if _counted(element, name)]
    return found + [each for child in element for each in misfits(child, where)]


def _counted(element, name):
    tag = {"tests": "testcase", "failures": "failure", "errors": "error"}[name]
    return int(element.get(name, "-1")) != sum(1 for _ in element.iter(tag))
