"""The rules that explain a comparison. They observe; they never decide.

C1xx types and values, C2xx objects, C3xx strings, C4xx numbers, C5xx arrays, C6xx composition.
"""

from typing import Final

from canonry.kernel.rule import Rule
from canonry.schema.rules import arrays, composition, numbers, objects, strings, values

RULES: Final[tuple[Rule, ...]] = (
    Rule("C101", "type-narrowed", values.type_narrowed, since="0.1"),
    Rule("C102", "type-widened", values.type_widened, since="0.1"),
    Rule("C103", "enum-value-added", values.enum_value_added, since="0.1"),
    Rule("C104", "enum-value-removed", values.enum_value_removed, since="0.1"),
    Rule("C105", "values-limited", values.values_limited, since="0.1"),
    Rule("C106", "values-freed", values.values_freed, since="0.1"),
    Rule("C107", "value-forbidden", values.value_forbidden, since="0.1"),
    Rule("C108", "value-allowed", values.value_allowed, since="0.1"),
    Rule("C201", "property-required", objects.property_required, since="0.1"),
    Rule("C202", "property-optional", objects.property_optional, since="0.1"),
    Rule("C203", "property-added", objects.property_added, since="0.1"),
    Rule("C204", "property-removed", objects.property_removed, since="0.1"),
    Rule("C205", "object-closed", objects.object_closed, since="0.1"),
    Rule("C206", "object-opened", objects.object_opened, since="0.1"),
    Rule("C207", "dependency-added", objects.dependency_added, since="0.1"),
    Rule("C208", "dependency-removed", objects.dependency_removed, since="0.1"),
    Rule("C209", "member-count-tightened", objects.member_count_tightened, since="0.1"),
    Rule("C210", "member-count-loosened", objects.member_count_loosened, since="0.1"),
    Rule("C211", "name-pattern-added", objects.name_pattern_added, since="0.1"),
    Rule("C212", "name-pattern-removed", objects.name_pattern_removed, since="0.1"),
    Rule("C301", "length-tightened", strings.length_tightened, since="0.1"),
    Rule("C302", "length-loosened", strings.length_loosened, since="0.1"),
    Rule("C303", "pattern-tightened", strings.pattern_tightened, since="0.1"),
    Rule("C304", "pattern-loosened", strings.pattern_loosened, since="0.1"),
    Rule("C305", "pattern-changed", strings.pattern_changed, since="0.1"),
    Rule("C306", "format-added", strings.format_added, since="0.1"),
    Rule("C307", "format-removed", strings.format_removed, since="0.1"),
    Rule("C401", "range-tightened", numbers.range_tightened, since="0.1"),
    Rule("C402", "range-loosened", numbers.range_loosened, since="0.1"),
    Rule("C403", "step-tightened", numbers.step_tightened, since="0.1"),
    Rule("C404", "step-loosened", numbers.step_loosened, since="0.1"),
    Rule("C501", "item-count-tightened", arrays.item_count_tightened, since="0.1"),
    Rule("C502", "item-count-loosened", arrays.item_count_loosened, since="0.1"),
    Rule("C503", "items-made-unique", arrays.items_made_unique, since="0.1"),
    Rule("C504", "items-may-repeat", arrays.items_may_repeat, since="0.1"),
    Rule("C505", "position-added", arrays.position_added, since="0.1"),
    Rule("C506", "position-removed", arrays.position_removed, since="0.1"),
    Rule("C507", "contains-tightened", arrays.contains_tightened, since="0.1"),
    Rule("C508", "contains-loosened", arrays.contains_loosened, since="0.1"),
    Rule("C509", "array-closed", arrays.array_closed, since="0.1"),
    Rule("C510", "array-opened", arrays.array_opened, since="0.1"),
    Rule("C601", "branch-removed", composition.branch_removed, since="0.1"),
    Rule("C602", "branch-added", composition.branch_added, since="0.1"),
    Rule("C603", "alternatives-imposed", composition.alternatives_imposed, since="0.1"),
    Rule("C604", "alternatives-lifted", composition.alternatives_lifted, since="0.1"),
    Rule("C605", "alternatives-made-exclusive", composition.alternatives_made_exclusive, since="0.1"),
    Rule("C606", "alternatives-may-overlap", composition.alternatives_may_overlap, since="0.1"),
    Rule("C607", "condition-added", composition.condition_added, since="0.1"),
    Rule("C608", "condition-removed", composition.condition_removed, since="0.1"),
    Rule("C609", "exclusion-added", composition.exclusion_added, since="0.1"),
    Rule("C610", "exclusion-removed", composition.exclusion_removed, since="0.1"),
    Rule("C690", "keyword-refuses", composition.keyword_refuses, since="0.1"),
)
"""Every rule, in the order of its code. Codes and names are never reused."""

BRANCH_REMOVED: Final = next(rule for rule in RULES if rule.name == "branch-removed")
BRANCH_ADDED: Final = next(rule for rule in RULES if rule.name == "branch-added")
KEYWORD_REFUSES: Final = RULES[-1]
"""What explains a break that no other rule explains."""
