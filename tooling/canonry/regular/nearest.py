"""The shortest accepted strings, without exploring further than they reach."""

from canonry.regular.automaton import DEAD, Automaton
from canonry.regular.budget import Budget
from canonry.regular.charset import rank


def levels(automaton: Automaton, budget: Budget) -> list[list[int]] | None:
    """The states first met after 0, 1, 2, ... characters, up to the level where one accepts.

    None where no string is accepted. Explores no further than needed.
    """
    start = automaton.start
    accepting, meter = automaton.accepting, automaton.meter()
    if start == DEAD:
        return None
    if accepting[start]:
        return [[start]]
    seen = {start, DEAD}
    climbed = [[start]]
    while climbed[-1]:
        following = []
        for state in climbed[-1]:
            budget.spend(meter(state))
            for target in automaton.row(state):
                if target not in seen:
                    seen.add(target)
                    following.append(target)
        climbed.append(following)
        if any(accepting[state] for state in following):
            return climbed
    return None


def spell_levels(automaton: Automaton, climbed: list[list[int]]) -> str:
    """The most readable among the shortest accepted strings, from what `levels` returned."""
    useful = [{state for state in climbed[-1] if automaton.accepting[state]}]
    for level in reversed(climbed[:-1]):
        useful.append({state for state in level if not useful[-1].isdisjoint(automaton.row(state))})
    useful.reverse()
    charsets = automaton.partition.charsets
    state = automaton.start
    text = []
    for wanted in useful[1:]:
        row = automaton.row(state)
        options = [(charsets[index].pick(), target) for index, target in enumerate(row) if target in wanted]
        char, state = min(options, key=lambda option: rank(option[0]))
        text.append(char)
    return "".join(text)
