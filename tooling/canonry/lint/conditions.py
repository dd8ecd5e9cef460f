"""Conditions of channel groups: which of them can be evaluated."""

from collections.abc import Iterator

from canonry.catalogue.documents.channels import Condition


def condition_faults(condition: Condition, pointer: str) -> Iterator[tuple[str, str]]:
    """Pointer and reason of everything that keeps a condition from being evaluated."""
    shapes = [
        key
        for key, given in (
            ("field", condition.field),
            ("all", condition.all),
            ("any", condition.any),
            ("not", condition.not_),
        )
        if given is not None
    ]
    if len(shapes) != 1:
        yield (
            pointer,
            f"a condition is one of field, all, any and not, this one has {' and '.join(shapes) or 'none'}",
        )
        return
    for key, inner in (("all", condition.all), ("any", condition.any)):
        if inner is not None:
            if not inner:
                yield f"{pointer}/{key}", f"{key} holds no condition"
            for number, each in enumerate(inner):
                yield from condition_faults(each, f"{pointer}/{key}/{number}")
    if condition.not_ is not None:
        yield from condition_faults(condition.not_, f"{pointer}/not")
    if condition.field is not None:
        wrong = _test_fault(condition)
        if wrong:
            yield pointer, wrong


def _test_fault(condition: Condition) -> str:
    if condition.op is None:
        return "a test needs op"
    if condition.op == "is_null":
        return "is_null takes no value" if condition.value is not None else ""
    if condition.value is None:
        return f"{condition.op} needs a value"
    if (condition.op == "in") != isinstance(condition.value, list):
        return f"{condition.op} takes {'a list' if condition.op == 'in' else 'one value'}"
    if condition.op == "regex" and isinstance(condition.value, str):
        return _pattern_fault(condition.value)
    if condition.op == "in_category" and isinstance(condition.value, str):
        from canonry.naming.channels import categories

        known = categories()
        return (
            ""
            if condition.value in known
            else f"there is no category {condition.value!r}; there are {', '.join(known)}"
        )
    return ""


def _pattern_fault(text: str) -> str:
    from canonry.regular import PatternSyntaxError, UnsupportedPattern, pattern

    try:
        pattern(text)
    except (PatternSyntaxError, UnsupportedPattern) as error:
        return f"the pattern {text!r:.80} cannot be read: {error}"
    return ""
