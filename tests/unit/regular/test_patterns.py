"""Which strings a pattern accepts: the meaning of ECMA-262, and the traps where engines differ."""

import pytest

from canonry.regular import Budget, BudgetExceeded, PatternSyntaxError, UnsupportedPattern, pattern, spending
from canonry.regular.parser import MAX_NESTING
from canonry.regular.patterns import MAX_PATTERN

MATCHES = [
    # pattern, strings found in, strings not found in
    ("", ["", "a", "\n"], []),
    ("a", ["a", "bab"], ["", "b"]),
    ("^a$", ["a"], ["a\n", "\na", "ab", ""]),
    ("^a|b$", ["a", "ax", "xb"], ["xa", "bx", ""]),
    ("^(a|b)$", ["a", "b"], ["ab"]),
    ("^$", [""], ["a", "\n"]),
    ("^^a$$", ["a"], ["aa"]),
    ("(^a|b$)c", ["ac", "acx"], ["bc", "xac"]),
    ("(^a|b$)", ["ax", "xb"], ["xa", "bx"]),
    ("^(^a|b)$", ["a", "b"], ["ab"]),
    ("a^b", [], ["ab", "a^b"]),
    ("a$b", [], ["ab", "a$b"]),
    ("(a|^)b", ["b", "ab", "xab"], ["xb"]),
    ("(^a$|b)*c", ["c", "bc", "xc"], ["", "a"]),
    ("^(a$|b){2,}$", ["bb", "ba", "bba"], ["ab", "a"]),
    ("^(\\ba|-){1,2}$", ["a", "-", "-a", "a-"], ["aa", "-a-", ""]),
    ("^.$", ["a", "é", "😀"], ["\n", "\r", "\u2028", "\u2029", "", "ab"]),
    (r"^\d$", ["0"], ["٣", "a"]),
    (r"^\D$", ["٣", "a"], ["0"]),
    (r"^\w$", ["a", "Z", "_", "5"], ["é", "-"]),
    (r"^\W$", ["é", "-"], ["a"]),
    (r"^\s$", [" ", "\t", "\u00a0", "\ufeff", "\u2028"], ["\u200b", "\u0085"]),
    (r"^\S$", ["\u200b", "\u0085"], [" "]),
    (r"^[\s\d-]$", [" ", "1", "-"], ["a"]),
    (r"\bfoo\b", ["foo", "a foo.", "foo"], ["foob", "afoo", "_foo"]),
    (r"^\B-", ["-a"], ["a-"]),
    (r"a\Bb", ["ab"], ["a-b"]),
    (r"\B", ["", "-", "ab"], ["a"]),
    (r"\b", ["a"], ["", "-"]),
    (r"^[^a]$", ["b", "\n"], ["a"]),
    (r"^[]$", [], ["", "a"]),
    (r"^[^]$", ["a", "\n"], [""]),
    (r"^([]|b)$", ["b"], [""]),
    (r"^[a-c\-.]+$", ["a-c."], ["d"]),
    (r"^[-a]$", ["-", "a"], ["b"]),
    (r"^[a-]$", ["-", "a"], ["b"]),
    (r"^[\w-.]$", ["a", "-", "."], ["/"]),
    (r"^[.-\d]$", ["5", "-", "."], ["/"]),
    (r"^[\b]$", ["\b"], ["b"]),
    (r"^[\]\\^]$", ["]", "\\", "^"], ["["]),
    (r"^\t\n\v\f\r$", ["\t\n\v\f\r"], []),
    (r"^\cJ\x41\u0042\u{43}\0$", ["\nABC\x00"], []),
    (r"^\u{1F600}$", ["😀"], []),
    (r"^\ud83d\ude00$", ["😀"], []),
    (r"^\ud83d\u0041$", [], ["A"]),
    (r"^\ud83d$", [], ["", "A"]),
    (r"^[\ud800-\udfff]$", [], ["a"]),
    (r"^\.\*\/\_\-$", [".*/_-"], []),
    ("^{a}]$", ["{a}]"], []),
    ("^a{,2}$", ["a{,2}"], ["aa"]),
    ("^a{2}$", ["aa"], ["a", "aaa"]),
    ("^a{2,}$", ["aa", "aaaaa"], ["a"]),
    ("^a{0}b{0,0}$", [""], ["a"]),
    ("^a{1}$", ["a"], ["aa"]),
    ("^a{002,0003}$", ["aa", "aaa"], ["a"]),
    ("^a*?b+?c??$", ["b", "abc"], ["a"]),
    ("^a{1,2}?$", ["a", "aa"], ["aaa"]),
    ("^(?:ab)+$", ["ab", "abab"], ["aba"]),
    ("^(?<year>[0-9]{4})-(?<month>[0-9]{2})$", ["2026-11"], ["2026-1"]),
    ("^(?P<year>[0-9]+)$", ["1"], [""]),
    (r"^\p{L}$", ["é", "Я", "a"], ["1"]),
    (r"^\P{L}$", ["1"], ["é"]),
    (r"^\p{Lu}\p{Letter}\p{gc=Nd}\p{General_Category=Ll}$", ["Éa٣b"], ["éa٣b"]),
    (r"^\p{LC}\p{Any}\p{ASCII}$", ["aéb"], ["aéé"]),
    (r"^[\p{L}\d]$", ["é", "1"], ["-"]),
    ("^(a|)$", ["a", ""], ["b"]),
    ("^(|a)+$", ["", "a", "aa"], ["b"]),
    ("^(a?){3}$", ["", "aaa"], ["aaaa"]),
    ("^(a*)*$", ["", "aaa"], ["b"]),
    ("^([ab]{2,3}){2,3}$", ["abab", "a" * 9], ["aaa", "a" * 10]),
    ("^(a{3,4}){0,2}$", ["", "aaa", "a" * 8], ["aaaaa", "a"]),
    ("^(a{2,}){1,3}$", ["aa", "aaaaaaaaa"], ["a"]),
    ("^(ab{0,20}c){2}$", ["acac", "abbcac"], ["ac"]),
    ("^[a-z][a-z0-9]{0,39}$", ["a", "a" * 40], ["1", "", "a" * 41]),
    ("^(ab){10,20}$", ["ab" * 10, "ab" * 20], ["ab" * 9, "ab" * 21, "a" * 21]),
    ("^a{7,9}b{7,9}$", ["aaaaaaabbbbbbb"], ["aaaaaabbbbbbbb"]),
    ("^(a{300}|b{5})$", ["a" * 300, "bbbbb"], ["a" * 299, "b"]),
    ("^(a{1,300}b|b{5,300})$", ["ab", "b" * 300], ["a", "bbbb"]),
    ("^(é|e|z)$", ["é", "z"], ["ez"]),
    ("^(one|two|three|four|five|six|seven|eight|nine|nineteen)s*$", ["nineteens", "one"], ["nin", "ones1"]),
]


@pytest.mark.parametrize(("text", "members", "others"), MATCHES, ids=[row[0] for row in MATCHES])
def test_a_pattern_is_read_as_ecma_262_reads_it(text, members, others):
    """Each listed string is found or not, by searching, with `^` and `$` at the true ends only."""
    language = pattern(text)
    assert [member for member in members if not language.accepts(member)] == []
    assert [other for other in others if language.accepts(other)] == []


LOOKS = [
    (
        r"^(?=.{1,254}$)((?=[a-z0-9-]{1,5}\.)(xn--+)?[a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,63}$",
        ["a.com", "ab-cd.a1.com", "xn--a.com"],
        ["abcdef.com", "-a.com", "a-.com", "com"],
    ),
    ("^([abc]d(?<![ab]d))*$", ["", "cdcd"], ["ad", "cdbd"]),
    ("^((?!a?)b)*$", [""], ["b", "a"]),
    ("^((?!a)(b|cd))*$", ["", "bcd"], ["a"]),
    ("^((?!(?:)*a)b)*$", ["", "bb"], ["a"]),
    (r"^(?=a)\ba\b$", ["a"], ["b"]),
    ("^(?=.*[a-z])(?=.*[0-9]).{4,}$", ["abc1", "1zzz"], ["abcd", "1234", "a1"]),
    ("^(?!.*--)[a-z-]+$", ["a-b", "ab"], ["a--b"]),
    ("^(?!-)[a-z-]+(?<!-)$", ["a-b"], ["-a", "a-"]),
    ("^((?!foo).)*$", ["", "fo", "bar"], ["foo", "xfoox", "a\nb"]),
    ("^((?!foo).)+$", ["fo"], ["", "foo"]),
    ("^a((?!foo).)*", ["a", "afoo"], ["b"]),
    ("^((?!a|b)[a-z]{2})*$", ["", "cdca"], ["acdc"]),
    ("(?<=a)b", ["ab", "xab"], ["b", "cb"]),
    ("(?<!a)b", ["b", "cb", "abb"], ["ab"]),
    ("a(?=b)", ["ab"], ["a", "ac"]),
    ("a(?!b)", ["a", "ac", "aba"], ["ab"]),
    ("^(?:(?!-)[a-z-]{1,3}(?<!-)\\.)+com$", ["a.com", "a-b.c.com"], ["-a.com", "a-.com"]),
    ("^(a(?!b)|c)d?$", ["a", "c", "cd", "ad"], ["ab"]),
    ("^((?=a)[ab]b)?c$", ["c", "abc"], ["bbc"]),
    ("^(?=a$)a|b", ["a", "b", "ab"], ["ac"]),
    ("^x(?=\\d+$)\\w+$", ["x12"], ["x1a", "xa"]),
    ("^a(?<=^a)b$", ["ab"], ["a"]),
    ("^[ab]*(?<!a)(?<!bb)$", ["b", "ab", ""], ["a", "abb"]),
    ("^[ab]+(?<!a)c(?<=bc)$", ["bc", "abc"], ["ac"]),
    ("^[ab]+(?<!a)(?=c)[cd](?!e)[^c]$", ["bcd"], ["acd", "bdd", "bce"]),
    ("^(c(?<!a)b)*$", ["", "cb"], ["ab"]),
    (r"(?=^.{3,5}$)((?=.*\d)(?=.*[a-z])|(?=.*[A-Z])(?=.*[a-z]))^.*", ["ab1", "aB-"], ["a1", "abc", "abcde1"]),
    ("(?=^ab)a", ["ab", "abb"], ["xab", "a"]),
    ("(?!x)^ab", ["ab"], ["xab"]),
    ("((?=a)|(?=b))^..$", ["ab", "bx"], ["xb", "abc"]),
    ("^(?=.{1,5}@)[a-z]+@[a-z]+$", ["a@b", "abcde@b"], ["abcdef@b"]),
    ("^(?!(?:.*x){3})[a-z]+$", ["xx"], ["xxx", "axbxcx"]),
]


@pytest.mark.parametrize(("text", "members", "others"), LOOKS, ids=[row[0] for row in LOOKS])
def test_lookarounds_are_decided_where_their_surroundings_are_known(text, members, others):
    """Lookarounds at the top of a pattern, and local ones inside repetitions."""
    language = pattern(text)
    assert [member for member in members if not language.accepts(member)] == []
    assert [other for other in others if language.accepts(other)] == []


UNDECIDED = [
    (r"(a)\1", "backreference"),
    (r"(?<n>a)\k<n>", "backreference"),
    (r"\p{Script=Greek}", "not decided"),
    (r"\p{sc=Greek}", "not decided"),
    (r"\p{Greek}", "not decided"),
    ("(?i:a)", "flags"),
    ("^((?!ab)[ac])*d$", "looks beyond"),
    ("^((?=a?b*c)ab?)*b?c$", "looks beyond"),
    ("^(a(?=b$)b)*$", "assertion between"),
    ("^((?<!a)b)*$", "looks beyond"),
    (r"^((?!\b)b)*$", "assertion between"),
    ("^(ab(?<=b)(?<=ab)b)*$", "looks beyond"),
    (r"^a(?=b\b)b$", "assertion between lookarounds"),
    ("^(" + "|".join(f"(?!{i})" for i in range(70)) + ")a$", "very many alternatives"),
    ("^(a|b$){3000}$", "copies"),
    ("^(ab*){30000}$", "positions"),
    ("a{99999999999}", "repetition count"),
    ("a{1,1000000001}", "repetition count"),
    ("(" * (MAX_NESTING + 1) + ")" * (MAX_NESTING + 1), "nested"),
    ("a" * (MAX_PATTERN + 1), "more than"),
    ("^" + "a*" * 20_000 + "$", "too large"),
]


@pytest.mark.parametrize(("text", "reason"), UNDECIDED, ids=[row[0][:30] for row in UNDECIDED])
def test_what_is_not_decided_says_why(text, reason):
    """Valid patterns beyond the procedure raise, twice the same, and never run away."""
    for _ in range(2):
        with pytest.raises(UnsupportedPattern, match=reason):
            pattern(text)


MALFORMED = [
    ("(", 0, "never closed"),
    ("a)", 1, "closes nothing"),
    ("*a", 0, "nothing stands before"),
    ("{2}", 0, "nothing stands before"),
    ("a**", 2, "repeats a repetition"),
    ("a{2}{3}", 4, "repeats a repetition"),
    ("a++", 2, "repeats a repetition"),
    ("^*", 0, "assertion cannot be repeated"),
    (r"\b+", 0, "assertion cannot be repeated"),
    ("(?=a)*", 0, "lookaround cannot be repeated"),
    ("a{3,2}", 1, "wrong way round"),
    ("[b-a]", 1, "wrong way round"),
    ("[a", 0, "never closed"),
    ("[a-", 0, "never closed"),
    ("\\", 0, "lone backslash"),
    ("[\\", 1, "lone backslash"),
    (r"\Z", 0, r"write \$"),
    (r"\A", 0, r"write \^"),
    (r"\e", 0, "no escape"),
    (r"[\B]", 1, "no escape"),
    (r"[\1]", 1, "no escape"),
    (r"\xZ1", 0, "2 hexadecimal digits"),
    (r"\u12", 0, "4 hexadecimal digits"),
    (r"\ud83d\u12", 6, "4 hexadecimal digits"),
    (r"\u{}", 0, "hexadecimal"),
    (r"\u{110000}", 0, "beyond the last character"),
    (r"\u{12345678}", 0, "beyond the last character"),
    (r"\c1", 0, "letter"),
    (r"\01", 0, "octal"),
    (r"\pL", 0, "braces"),
    ("(?>a)", 0, "atomic"),
    ("(?#a)", 0, "comment"),
    ("(?i)a", 0, "flags"),
    ("(?~a)", 0, "no group"),
    ("(?<1>a)", 3, "name"),
    ("(?<a", 3, "name"),
]


@pytest.mark.parametrize(("text", "position", "what"), MALFORMED, ids=[row[0] for row in MALFORMED])
def test_what_is_no_pattern_says_what_and_where(text, position, what):
    """Malformed text raises with the place of the mistake."""
    with pytest.raises(PatternSyntaxError, match=what) as raised:
        pattern(text)
    assert raised.value.position == position
    assert f"(at character {position + 1})" in str(raised.value)


def test_an_anchored_pattern_matches_the_whole_string():
    """`anchored` is for texts that are meant as whole words already; assertions keep their meaning."""
    assert pattern("a|b", anchored=True).accepts("a")
    assert not pattern("a|b", anchored=True).accepts("ab")
    assert pattern("^a|b$", anchored=True).accepts("b")
    assert pattern("a(?!b)[bc]", anchored=True).accepts("ac")
    assert not pattern("a(?!b)[bc]", anchored=True).accepts("xac")


def test_a_pattern_is_compiled_once_and_charged_each_time():
    """Equal texts share one language; what it costs does not depend on who asked before."""
    spent = []
    for _ in range(2):
        with spending(Budget()) as budget:
            assert pattern("^costs[0-9]{3}once$") is pattern("^costs[0-9]{3}once$")
        spent.append(budget.spent)
    assert spent[0] == spent[1] > 0
    with spending(Budget(10)), pytest.raises(BudgetExceeded):
        pattern("^costs[0-9]{3}once$")


def test_loosening_a_search_keeps_its_meaning():
    """Where anything may stand around, only the least count of a repetition at the edge matters."""
    assert pattern("a{2,5}").equals(pattern("aa"))
    assert pattern("a*").is_universal()
    assert pattern("^a{2,5}").equals(pattern("^aa"))
    assert pattern("b?a{3,}$").equals(pattern("aaa$"))
    assert not pattern("a+$").equals(pattern("a+"))
