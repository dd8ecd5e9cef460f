"""How a link is written: what pasting, shells, mail programmes and browsers do to it."""

from typing import Final

from canonry.kernel.findings import Level
from canonry.kernel.rule import Rule


def link_cut() -> None:
    """The link was cut at its first ampersand, by a shell or a form.

    ## Why it matters
    A shell takes `&` as the end of a command, so that only the first parameter is left: the visit has a
    source and no medium, and lands in Unassigned.

    ## Instead
    Put the link in single quotes: `canonry utm parse 'https://...&utm_medium=...'`. From a file or a
    paste nothing is cut.
    """


def link_question_marks() -> None:
    """The link has two question marks, or none, before its parameters.

    ## Why it matters
    A browser takes everything after the first `?` as parameters, and a second `?` as part of a value:
    `?a=1?utm_source=x` has one parameter, `a`. Without any, the parameters are part of the path and the
    page may not be found.

    ## Instead
    One `?` before the first parameter, `&` before every other one.
    """


def link_query_in_fragment() -> None:
    """The parameters stand behind `#`, in the fragment.

    ## Why it matters
    Browsers keep the fragment to themselves. Neither the server nor the analytics tag reads parameters
    there, so the visit looks direct.

    ## Instead
    Parameters first, then `#` and the anchor: `/sofas?utm_source=...#reviews`.
    """


def link_ampersand_escaped() -> None:
    """An ampersand was escaped, as `&amp;` or `%26`.

    ## Why it matters
    Text that was escaped for HTML and pasted as a link keeps `amp;` in front of the next parameter's
    name, or hides the parameter in the value before it. Either way a parameter is lost.

    ## Instead
    Copy the link from where it is built, not from a page's source, and write plain `&`.
    """


def link_encoding() -> None:
    """A value is percent-encoded wrongly: a lone `%`, not UTF-8, or twice.

    ## Why it matters
    Tools repair such values in different ways, so that one campaign becomes several rows; some servers
    refuse the whole link.

    ## Instead
    Encode each value once, as UTF-8. `canonry utm build` does.
    """


def link_space() -> None:
    """A value or the path holds a space, `+` or `%20`.

    ## Why it matters
    Mail programmes cut links at spaces, and `spring sale`, `spring+sale` and `spring%20sale` are spelt
    alike nowhere: reports split the row.

    ## Instead
    A hyphen between words.
    """


def link_parameter_repeated() -> None:
    """A parameter stands in the link more than once.

    ## Why it matters
    Which of them counts depends on who reads: Google Analytics takes the last, most scripts the first.
    With different values two reports contradict each other.

    ## Instead
    Each parameter once. Look for a tool that adds its own (`canonry show` on the platform says what
    each adds).
    """


def link_parameter_misspelt() -> None:
    """A parameter has a name that nothing reads, such as `utm-source` or `UTM_Medium`.

    ## Why it matters
    Names of parameters are exact, letter case included. A misspelt one is dropped without a word.

    ## Instead
    The right name, as the finding gives it.
    """


def link_wrapped() -> None:
    """The link stands between quotes, brackets or other marks.

    ## Why it matters
    Marks copied along from a sheet, a chat or a document become part of the last value.

    ## Instead
    Copy the link alone.
    """


def link_control_character() -> None:
    """The link holds a line break, a tab or another invisible character.

    ## Why it matters
    A link that was wrapped over two lines works when clicked and fails when copied, or keeps the
    invisible character in a value, where nobody sees why two rows differ.

    ## Instead
    Put the link on one line and build it anew if the character is inside a value.
    """


def link_scheme() -> None:
    """It is no web address: the scheme is missing or is not `http` or `https`.

    ## Why it matters
    Without `https://` a link in a mail or an app is not clickable, and `javascript:` or `data:` links
    run instead of leading anywhere.

    ## Instead
    Begin with `https://`.
    """


def link_host() -> None:
    """The host is none that a browser could reach.

    ## Why it matters
    A typing mistake in the host sends paid clicks nowhere.

    ## Instead
    Copy the address of the landing page from the browser.
    """


def link_host_foreign_letters() -> None:
    """The host has letters beyond a-z, or stands for such a host (`xn--`).

    ## Why it matters
    Letters of other alphabets look like Latin ones; a link may lead to a host that only looks like
    yours. Where it is meant, tools that know only a-z need the `xn--` form.

    ## Instead
    Compare the `xn--` form with the host that you own.
    """


def link_host_elsewhere() -> None:
    """The link leads to a host that is no landing host of this registry.

    ## Why it matters
    Tags on a page without our analytics are never seen, and a payment host as a landing page means that
    somebody copied a link from the middle of a purchase.

    ## Instead
    Choose a landing page on one of the hosts in `registry/domains.yaml`, or have the host added there.
    """


def link_internal() -> None:
    """The link leads from one of our pages to another and carries campaign tags.

    ## Why it matters
    Tags on an internal link overwrite where the visitor came from: the paid click that brought them is
    lost, and the home page banner gets the sale.

    ## Instead
    No tags on internal links. Measure promotions on the site with the events `promotion_viewed` and
    `promotion_clicked`.
    """


def link_userinfo() -> None:
    """The link carries a user name or a password before its host.

    ## Why it matters
    Whoever sees the link has the password, browsers warn of such links, and phishing uses them.

    ## Instead
    Remove everything up to the `@`. If it was a real password, change it.
    """


def link_long() -> None:
    """The link is longer than GA4 keeps of a page's address, or than anything can read.

    ## Why it matters
    GA4 cuts the address at 1,000 characters; parameters behind the cut are lost.

    ## Instead
    Shorter words, or fewer parameters. The fit proof (`N204`) says which format lets this happen.
    """


RULES: Final[tuple[Rule, ...]] = (
    Rule("U101", "link-cut", link_cut, "0.1"),
    Rule("U102", "link-question-marks", link_question_marks, "0.1"),
    Rule("U103", "link-query-in-fragment", link_query_in_fragment, "0.1"),
    Rule("U104", "link-ampersand-escaped", link_ampersand_escaped, "0.1"),
    Rule("U105", "link-encoding", link_encoding, "0.1"),
    Rule("U106", "link-space", link_space, "0.1", Level.WARNING),
    Rule("U107", "link-parameter-repeated", link_parameter_repeated, "0.1"),
    Rule("U108", "link-parameter-misspelt", link_parameter_misspelt, "0.1"),
    Rule("U109", "link-wrapped", link_wrapped, "0.1", Level.NOTE),
    Rule("U110", "link-control-character", link_control_character, "0.1", Level.WARNING),
    Rule("U111", "link-scheme", link_scheme, "0.1"),
    Rule("U112", "link-host", link_host, "0.1"),
    Rule("U113", "link-host-foreign-letters", link_host_foreign_letters, "0.1", Level.NOTE),
    Rule("U114", "link-host-elsewhere", link_host_elsewhere, "0.1", Level.WARNING),
    Rule("U115", "link-internal", link_internal, "0.1"),
    Rule("U116", "link-userinfo", link_userinfo, "0.1"),
    Rule("U117", "link-long", link_long, "0.1", Level.WARNING),
)
