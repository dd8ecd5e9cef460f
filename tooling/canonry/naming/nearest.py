"""Which of several contracts a name that is not right comes nearest to, and why it is not of it.

The search is dear, and what it finds depends on little: how many tokens a name has, and what each of them may
stand for. So it is made once for every class of names (`TokenClasses`), and remembered: which contract, and
how the tokens are set against those of its template. What is told of a name is then made of its own tokens.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from canonry.naming.quick import QuickNames
from canonry.naming.runtime.codec import Codec, Contract
from canonry.naming.runtime.forms import Form, Template, present
from canonry.naming.runtime.rejections import MAX_TOKENS, Alignment, aligned, told, widths
from canonry.naming.runtime.text import fold
from canonry.naming.runtime.values import ABSENT, MAX_TEXT, MEMORY, Automaton, Field, Name, Text, Words

_READING: Final = ("kind", "fields", "required", "forms", "legacy", "combinations")
"""What of a compiled contract decides how it reads names."""
_CUT: Final = "_"
_MANY: Final = 1_000_000
"""More than any number of notes."""
_NESTED: Final = 2
"""Names in names that a template is cut into the tokens of."""


class _Found(NamedTuple):
    """What is remembered of a class of names."""

    rank: tuple[bool, int, int]
    """The least is the nearest: what reads before what rejects, by how much is wrong, by place."""
    contract: Contract
    form: Form | None = None
    alignment: Alignment | None = None
    """None: what is said lies in what the tokens say, so it is found out anew."""


class NearestNames:
    """Says of names what the contract says that comes nearest; of several the first.

    One that reads the name comes before one that rejects it. Why a name is rejected is found out for those
    contracts only that may have the least against it.
    """

    def __init__(self, codec: Codec, names: QuickNames, contracts: tuple[str, ...]) -> None:
        self.codec = codec
        self.names = names
        self.apart = list(_apart(codec, contracts))
        """The contracts that read names differently, with how each cuts them into tokens."""
        self._cuts = sorted({cut for _, forms in self.apart for cut, _ in forms})
        self._least: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        shapes = {place: shapes_of(contract) for place, (contract, _) in enumerate(self.apart)}
        self._whole = _Some(self.apart, list(shapes))
        self._by_token = _Some(self.apart, [place for place, found in shapes.items() if found is not None])
        self._others = _Some(self.apart, [place for place, found in shapes.items() if found is None])
        self._classes = TokenClasses([each for found in shapes.values() for each in found or ()])
        self._known: dict[Hashable, _Found] = {}

    @property
    def remembers(self) -> bool:
        """Whether some of the contracts read names token by token."""
        return bool(self._by_token.places)

    def read(self, text: str) -> dict[str, Any]:
        """As `Codec.read_name`; rejections are without what is near (`rejections.with_nearest`)."""
        key = self._classes.of_name(text) if self.remembers else None
        if key is None:
            return self.searched(text)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > MEMORY:
                self._known.clear()
            found = self._known[key] = self._searched(text, self._by_token)
        if self._others.places:
            found = self._searched(text, self._others, found)
        return self._told(text, found)

    def searched(self, text: str) -> dict[str, Any]:
        """What `read` says, found out anew."""
        return self._told(text, self._searched(text, self._whole))

    def _told(self, text: str, found: _Found) -> dict[str, Any]:
        contract = found.contract
        if not found.rank[0]:
            return self.codec.read_name(contract.kind, text, contract.id)
        if found.alignment is None or found.form is None:
            return self.codec.refused_name(text, contract.id, near=False)
        wrong, values = told(found.form.templates["name"], text, found.alignment)
        return {
            "status": "rejected",
            "format": contract.id,
            "platform": found.form.platform,
            "fields": present(values),
            "expanded": {},
            "notes": [],
            "rejections": [{**each, "param": "name"} for each in wrong],
            "right": None,
            "readings": [],
        }

    def _searched(self, text: str, among: "_Some", known: _Found | None = None) -> _Found:
        """The nearest of some contracts, and of what is known of the others."""
        best = known
        for contract in self.names.possible(text, among.ids):
            if contract.read({"name": text}, ["name"], loosely=True):
                answer = self.codec.read_name(contract.kind, text, contract.id)
                wrong = len(answer["notes"]) + _MANY * (answer["status"] != "right")
                rank = (False, wrong, among.place[contract.id])
                best = _Found(rank, contract) if best is None or rank < best.rank else best
        if best is not None and not best.rank[0]:
            return best
        refused: Mapping[str, Any] = {}
        for least, place in self._ranked(text):
            if best is not None and (True, least, place) >= best.rank:
                if least > best.rank[1]:
                    break
                continue
            if place not in among.places:
                continue
            contract = self.apart[place][0]
            answer = self.codec.refused_name(text, contract.id, near=False)
            rank = (True, len(answer["rejections"]), place)
            if best is None or rank < best.rank:
                best, refused = _Found(rank, contract), answer
        assert best is not None  # noqa: S101  there is a contract
        return self._aligned(text, best, refused) if refused else best

    def _aligned(self, text: str, found: _Found, answer: Mapping[str, Any]) -> _Found:
        form = found.contract.form(answer["platform"])
        template = form.templates["name"]
        if not text or template.read(text) or not _of_tokens(answer["rejections"], text):
            return found
        return found._replace(form=form, alignment=aligned(template, text))

    def _ranked(self, text: str) -> list[tuple[int, int]]:
        """How many things are wrong with a name at least under each of `apart`, and its place there.

        The least first. It depends on how many tokens the name has.
        """
        tokens = tuple([text.count(cut) + 1 if cut else 1 for cut in self._cuts])
        if not text or max(tokens) > MAX_TOKENS:
            return [(1, place) for place in range(len(self.apart))]
        known = self._least.get(tokens)
        if known is None:
            found = dict(zip(self._cuts, tokens, strict=True))
            known = self._least[tokens] = sorted(
                (max(1, min(abs(found[cut] - width) for cut, several in forms for width in several)), place)
                for place, (_, forms) in enumerate(self.apart)
            )
        return known


class _Some:
    """Some of the contracts, by their places among all."""

    def __init__(self, apart: list[tuple[Contract, Any]], places: list[int]) -> None:
        self.places = frozenset(places)
        self.place = {apart[place][0].id: place for place in sorted(places)}
        self.ids = tuple(self.place)


def _of_tokens(rejections: list[dict[str, Any]], text: str) -> bool:
    """Whether all that is wrong is what single tokens are, and not how they go together."""
    return all("token" in each or (_CUT not in text and "fields" not in each) for each in rejections)


def _apart(
    codec: Codec, contracts: tuple[str, ...]
) -> Iterator[tuple[Contract, list[tuple[str, tuple[int, ...]]]]]:
    """The contracts that read names differently, the first of those that read them alike."""
    table, seen = codec.table["contracts"], set()
    for each in contracts:
        alike = repr([table[each].get(part) for part in _READING])
        if alike not in seen:
            seen.add(alike)
            contract = codec.contract(each)
            yield contract, widths(contract)


class _Piece(NamedTuple):
    """A token of a template: a field with the literals beside it. No field: the literal `head`."""

    head: str
    field: Field | None
    tail: str

    def value(self, token: str) -> Any:
        """What a token says of the field, however it is spelt; None where it says nothing."""
        assert self.field is not None  # noqa: S101  literals say nothing
        inner = token[len(self.head) : len(token) - len(self.tail)]
        value = self.field.read(inner)
        if value is None and (loose := self.field.read_loosely(inner)) is not None:
            value = loose[0]
        return value

    def may_be(self, token: str) -> bool:
        """Whether a token may stand here, however it is spelt."""
        folded = fold(token)
        if self.field is None:
            return folded == self.head
        if len(token) < len(self.head) + len(self.tail):
            return False
        if not (folded.startswith(self.head) and folded.endswith(self.tail)):
            return False
        inner = folded[len(self.head) : len(folded) - len(self.tail)]
        return inner == ABSENT or self.value(token) is not None


class _Shape(NamedTuple):
    """One way in which a form writes names, token by token; whether a token is of the form's own fields."""

    form: Form
    pieces: list[tuple[_Piece, bool]]

    def together(self, tokens: list[str], at: int) -> bool:
        """Whether the values that stand there go together."""
        values = {
            piece.field.name: piece.value(tokens[at + n])
            for n, (piece, own) in enumerate(self.pieces)
            if own and piece.field is not None
        }
        return self.form.mixed(values) is None


class _Manifold(Exception):  # noqa: N818  an answer, not a mistake
    """A contract whose readings depend on more than the classes of tokens."""


class TokenClasses:
    """What each token of a name may stand for under some contracts, as a value that tokens share.

    Two names of as many tokens whose classes are the same in every place are read alike by each of the
    contracts, or rejected for the same reasons.
    """

    def __init__(self, shapes: list[_Shape]) -> None:
        self._words: list[Words] = []
        """Fields that stand alone between two delimiters and have a list of words."""
        self._texts: list[tuple[Automaton | None, list[int]]] = []
        """Free words by their automaton, with the lengths at which one of them changes its mind."""
        self._others: list[_Piece] = []
        self._literals = {ABSENT}
        self._sort([piece for shape in shapes for piece, _ in shape.pieces])
        self._listed = {word for field in self._words for word in (*map(fold, field.values), *field.loose)}
        self._known: dict[str, Hashable] = {}
        self._mixing = [shape for shape in shapes if shape.form.combinations]
        self._runs: dict[Hashable, list[tuple[_Shape, int]]] = {}
        """Where in the names of a class stand values of which not all go together."""

    def _sort(self, pieces: list[_Piece]) -> None:
        seen: set[str] = set()
        lengths: dict[int, tuple[Automaton | None, set[int]]] = {}
        for piece in pieces:
            field = piece.field
            if field is None:
                self._literals.add(fold(piece.head))
                continue
            alone = not piece.head and not piece.tail
            if alone and isinstance(field, Text):
                _, limits = lengths.setdefault(id(field.only), (field.only, set()))
                limits |= {field.shortest, field.longest + 1}
                continue
            spec = sorted((key, value) for key, value in field.spec.items() if key != "title")
            alike = repr((piece.head, piece.tail, spec))
            if alike in seen:
                continue
            seen.add(alike)
            if alone and isinstance(field, Words):
                self._words.append(field)
            else:
                self._others.append(piece)
        self._texts = [(automaton, sorted(limits)) for automaton, limits in lengths.values()]

    def of_name(self, text: str) -> Hashable | None:
        """The class of a name; None where it has none."""
        if not text or len(text) > MAX_TEXT:
            return None
        tokens = text.split(_CUT)
        if len(tokens) > MAX_TOKENS:
            return None
        known = self._known
        try:
            found: Hashable = tuple([known[token] for token in tokens])
        except KeyError:
            if len(known) > MEMORY:
                known.clear()
            found = tuple([known[each] if each in known else self._of(each) for each in tokens])
        if not self._mixing:
            return found
        runs = self._runs.get(found)
        if runs is None:
            if len(self._runs) > MEMORY:
                self._runs.clear()
            runs = self._runs[found] = list(self._mixed(tokens))
        return (found, *[shape.together(tokens, at) for shape, at in runs]) if runs else found

    def _mixed(self, tokens: list[str]) -> Iterator[tuple[_Shape, int]]:
        for shape in self._mixing:
            for at in range(len(tokens) - len(shape.pieces) + 1):
                if all(piece.may_be(tokens[at + n]) for n, (piece, _) in enumerate(shape.pieces)):
                    yield shape, at

    def _of(self, token: str) -> Hashable:
        folded = fold(token)
        if folded in self._literals:
            found: Hashable = token
        else:
            words: Hashable = 0
            if folded in self._listed or token in self._listed:
                words = tuple([_outcome(field, token) for field in self._words])
            texts = [self._free(*each, token, folded) for each in self._texts]
            found = (words, *texts, *[_beside(piece, token, folded) for piece in self._others])
        self._known[token] = found
        return found

    @staticmethod
    def _free(automaton: Automaton | None, limits: list[int], token: str, folded: str) -> Hashable:
        right = automaton is None or automaton.accepts(token)
        loosely = right if folded == token else automaton is None or automaton.accepts(folded)
        return (right, loosely, folded == token, bisect_right(limits, len(token)))


def _outcome(field: Field, text: str) -> Hashable:
    """What a field makes of a text, apart from what it says."""
    value = field.read(text)
    if value is not None:
        return ("right", isinstance(field, Words) and value in field.deprecated)
    loose = field.read_loosely(text)
    if loose is None:
        return ""
    return (loose[2], loose[1] is None, isinstance(field, Words) and loose[0] in field.deprecated)


def _beside(piece: _Piece, token: str, folded: str) -> Hashable:
    """What a token makes as a piece with literals of its own."""
    field, head, tail = piece.field, piece.head, piece.tail
    assert field is not None  # noqa: S101  literals are kept apart
    if not head and not tail:
        return _outcome(field, token)
    begins, ends = folded.startswith(head), folded.endswith(tail)
    whole = len(token) >= len(head) + len(tail)
    exact = token.startswith(head), token.endswith(tail)
    if not (begins and ends and whole):
        return (begins, ends, whole, *exact)
    inner = token[len(head) : len(token) - len(tail)]
    return (*exact, fold(inner) == ABSENT, inner == ABSENT, _outcome(field, inner))


def shapes_of(contract: Contract) -> list[_Shape] | None:
    """The ways in which a contract writes names, and the names in them, token by token.

    None where how it reads a name depends on more than what each token may be.
    """
    if any(cut != _CUT for cut, _ in widths(contract)):
        return None
    forms = (*contract.forms.values(), *contract.older)
    try:
        return [shape for form in forms for shape in _shapes_of_form(form, 0)]
    except _Manifold:
        return None


def _shapes_of_form(form: Form, depth: int) -> Iterator[_Shape]:
    template = form.templates.get("name")
    fields = form.contract.fields
    if template is None or any(
        not isinstance(fields[name], Words) for _, names, _ in form.combinations for name in names
    ):
        raise _Manifold
    for items, _ in template.shapes:
        names = items[1::2]
        if len(set(names)) < len(names) or any(fold(item) != item for item in items[::2]):
            raise _Manifold  # whether it is read depends on more than where tokens may stand
        pieces: list[tuple[_Piece, bool]] = []
        for piece in _pieces(template, items):
            if not isinstance(piece.field, Name):
                pieces.append((piece, True))
                continue
            if piece.head or piece.tail or depth == _NESTED or piece.field.max_length is not None:
                raise _Manifold
            target = piece.field.target().form()
            if len(target.templates["name"].shapes) > 1:
                raise _Manifold
            inner = list(_shapes_of_form(target, depth + 1))
            yield from inner
            pieces += [(each, False) for each, _ in inner[-1].pieces]
        yield _Shape(form, pieces)


def _pieces(template: Template, items: list[str]) -> Iterator[_Piece]:
    """A shape cut at the delimiter. Raises `_Manifold` where a token may be read in two ways."""
    tokens: list[list[tuple[str, Field | None]]] = [[]]
    for place, item in enumerate(items):
        if place % 2:
            tokens[-1].append(("", template.fields[item]))
            continue
        first, *rest = item.split(_CUT)
        tokens[-1].append((first, None))
        tokens.extend([(piece, None)] for piece in rest)
    for token in tokens:
        fields = [field for _, field in token if field is not None]
        if not fields:
            yield _Piece("".join([text for text, _ in token]), None, "")
            continue
        field = fields[0]
        if len(fields) > 1 or (
            not isinstance(field, Name) and (field.holds(_CUT) or field.loosely_holds(_CUT))
        ):
            raise _Manifold
        place = next(n for n, (_, held) in enumerate(token) if held is not None)
        head, tail = ("".join([text for text, _ in part]) for part in (token[:place], token[place + 1 :]))
        yield _Piece(head, field, tail)
