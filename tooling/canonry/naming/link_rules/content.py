"""What a link says: its parameters, words, macros, and where it lands."""

from typing import Final

from canonry.kernel.findings import Level
from canonry.kernel.rule import Rule


def link_untagged() -> None:
    """The link carries no parameter that any format writes.

    ## Why it matters
    Visits by it are attributed by referrer alone: mail and apps look direct.

    ## Instead
    Build it: `canonry utm build`.
    """


def link_format_unknown() -> None:
    """No format of this registry writes such a link.

    ## Why it matters
    Nobody can say what its values mean, or promise where it lands.

    ## Instead
    Find the format that fits with `canonry list utm`, and build the link with it.
    """


def link_ambiguous() -> None:
    """The link belongs to several formats at once.

    ## Why it matters
    Two formats read it in two ways, and reports count it under one of them by chance.

    ## Instead
    Make the formats differ; the proof `N202` shows a link that belongs to both.
    """


def link_parameter_missing() -> None:
    """A parameter that the format writes is not in the link.

    ## Why it matters
    Without source or medium the visit is Unassigned; without the campaign's id it joins to no cost.

    ## Instead
    Build the link anew, or add the parameter as the finding gives it.
    """


def link_parameter_foreign() -> None:
    """The link has a campaign parameter that its format does not write.

    ## Why it matters
    Its value follows no rule, so it adds rows to reports that nobody can read. Often a tool added it by
    itself.

    ## Instead
    Leave it out, or switch off the tool's own tagging; `canonry show` on the platform says how.
    """


def link_value_unknown() -> None:
    """A value is no word of its vocabulary.

    ## Why it matters
    A word that nobody defined starts a row of its own: spend, leads and sales under it are missing
    wherever the right word is looked for.

    ## Instead
    The nearest allowed word, as the finding gives it. If a new word is needed: `canonry vocab add`.
    """


def link_value_invalid() -> None:
    """A value or a part of it does not fit what stands there in the template.

    ## Why it matters
    The parts of a name are found by their place. One wrong or missing part shifts the meaning of the
    others, or makes the whole name unreadable.

    ## Instead
    The finding says which word of the name it is, and what belongs there.
    """


def link_spelling() -> None:
    """A value is understood, but not spelt as it should be: an alias, other letter case, a leading zero.

    ## Why it matters
    Google Analytics tells `Facebook` from `facebook` and `uk` from `gb`: one thing becomes several
    rows. Canonry reads such links so that it can say what is meant; only the canonical spelling is
    right.

    ## Instead
    The canonical spelling, as the finding gives it.
    """


def link_word_deprecated() -> None:
    """A value is on its way out.

    ## Why it matters
    It still counts, and stops counting at its sunset; links that live longer than that will be wrong.

    ## Instead
    The word that replaces it, in everything new.
    """


def link_word_retired() -> None:
    """A value was retired.

    ## Why it matters
    Nothing writes it any more, so what still arrives under it is left out of reports.

    ## Instead
    The word that replaced it.
    """


def link_legacy_template() -> None:
    """The link follows an older template of its format.

    ## Why it matters
    It is recognised, so that old links still count, but lacks what today's reports need, such as the
    campaign's id.

    ## Instead
    Build it anew wherever it can still be changed.
    """


def link_combination() -> None:
    """Values that do not go together stand in one name.

    ## Why it matters
    Each is a word by itself, but nobody plans or reports such a combination: one of them is a mistake.

    ## Instead
    One of the combinations that the finding lists.
    """


def link_values_disagree() -> None:
    """Two parameters give different values to the same field.

    ## Why it matters
    The link was put together from two others. Whichever value a report reads, the other one is wrong.

    ## Instead
    Build the link from its campaign, not from parts of older links.
    """


def link_id_mistyped() -> None:
    """A registry id fails its check: a character is mistyped, or two are swapped.

    ## Why it matters
    An id joins clicks to their campaign. With one wrong character they join to none, or to another one.

    ## Instead
    Copy the id; `canonry campaign list` has it. The last character checks the others, so that one slip
    never gives another valid id.
    """


def link_macro_unexpanded() -> None:
    """A macro was left in the link: the platform did not fill it in.

    ## Why it matters
    Reports show the macro itself, `{{ad.name}}`, as if it were a name, for every click alike. Usually
    the link was used outside the platform, or pasted into a field where macros do not work.

    ## Instead
    Use the static form outside the platform, and inside it paste where `canonry utm build` says.
    """


def link_macro_waiting() -> None:
    """The link still holds every macro of its platform, as it is pasted there.

    ## Why it matters
    In the platform's own field this is right, and the platform fills the macros in. In a report, a mail or a
    browser it means that the link was used outside of the platform.

    ## Instead
    Paste it where `canonry utm build` says; for any other place build the static form with `--no-macros`.
    """


def link_macro_wrong() -> None:
    """A macro does not belong here: of another platform, unknown, or one that carries personal data.

    ## Why it matters
    A platform leaves another's macros as they are, so that they end up in reports; some look like
    macros and never were. Personal data in a link breaks the terms of every analytics tool.

    ## Instead
    The macro of the platform that the link is for; `canonry utm build` writes it.
    """


def link_macro_value() -> None:
    """What stands in place of a macro is nothing that the macro becomes.

    ## Why it matters
    The ad, ad set or campaign on the platform has a name that its contract does not build, or somebody
    typed over the macro.

    ## Instead
    Rename the object by its contract (`canonry name build`). Where the platform keeps the first name in
    its links, duplicate the ad.
    """


def link_personal_data() -> None:
    """The link holds personal data, such as an e-mail address.

    ## Why it matters
    It is sent to every tool on the page and stays in their logs: a breach of the terms of Google
    Analytics, and of data protection law.

    ## Instead
    Remove the parameter, and the cause: usually a form that sends its fields in the address, or a mail
    tool's merge field. Canonry shows such data masked and keeps it nowhere.
    """


def link_click_id() -> None:
    """The link carries a platform's mark of one click.

    ## Why it matters
    Such a link was copied from a browser after somebody had clicked. Used again, every visit by it
    looks like that one click.

    ## Instead
    Leave it out; the corrected link does.
    """


def link_click_id_elsewhere() -> None:
    """The link carries a click id of a platform on which its format does not run.

    ## Why it matters
    It was copied from the address bar after an ad was clicked, and then shared or mailed. With the
    click id GA4 may credit the ad for visits that the mail brought.

    ## Instead
    Build links from the landing page's own address.
    """


def link_value_reserved() -> None:
    """A value is one that analytics tools write themselves, such as `(not set)`.

    ## Why it matters
    Nobody can tell visits by this link from visits of which the tool knows nothing.

    ## Instead
    A value of the format's vocabulary.
    """


def link_value_letters() -> None:
    """A value holds letters beyond a-z.

    ## Why it matters
    In links they are percent-encoded, which triples their length, and the same letter can be spelt in
    two ways that look alike: two rows.

    ## Instead
    Letters a-z, digits and hyphens.
    """


def link_value_long() -> None:
    """A value has more characters than GA4 surely keeps.

    ## Why it matters
    GA4 cuts values at 100 characters. What is cut is the end, where the campaign's id stands.

    ## Instead
    Shorter words. The proof `N206` says which format lets this happen.
    """


def link_channel() -> None:
    """The link lands in another channel than its format declares.

    ## Why it matters
    Reports by channel count the visit elsewhere: a newsletter whose campaign begins with `shop` is
    Organic Shopping to GA4.

    ## Instead
    Change the word that does it; the finding names the rule. `canonry utm parse` shows the channel
    before the link is used.
    """


RULES: Final[tuple[Rule, ...]] = (
    Rule("U120", "link-untagged", link_untagged, "0.1", Level.NOTE),
    Rule("U121", "link-format-unknown", link_format_unknown, "0.1"),
    Rule("U122", "link-ambiguous", link_ambiguous, "0.1"),
    Rule("U123", "link-parameter-missing", link_parameter_missing, "0.1"),
    Rule("U124", "link-parameter-foreign", link_parameter_foreign, "0.1", Level.WARNING),
    Rule("U125", "link-value-unknown", link_value_unknown, "0.1"),
    Rule("U126", "link-value-invalid", link_value_invalid, "0.1"),
    Rule("U127", "link-spelling", link_spelling, "0.1", Level.WARNING),
    Rule("U128", "link-word-deprecated", link_word_deprecated, "0.1", Level.WARNING),
    Rule("U129", "link-word-retired", link_word_retired, "0.1"),
    Rule("U130", "link-legacy-template", link_legacy_template, "0.1", Level.WARNING),
    Rule("U131", "link-combination", link_combination, "0.1"),
    Rule("U132", "link-values-disagree", link_values_disagree, "0.1"),
    Rule("U133", "link-id-mistyped", link_id_mistyped, "0.1"),
    Rule("U134", "link-macro-unexpanded", link_macro_unexpanded, "0.1"),
    Rule("U144", "link-macro-waiting", link_macro_waiting, "0.1", Level.NOTE),
    Rule("U135", "link-macro-wrong", link_macro_wrong, "0.1"),
    Rule("U136", "link-macro-value", link_macro_value, "0.1"),
    Rule("U137", "link-personal-data", link_personal_data, "0.1"),
    Rule("U138", "link-click-id", link_click_id, "0.1", Level.NOTE),
    Rule("U139", "link-click-id-elsewhere", link_click_id_elsewhere, "0.1", Level.WARNING),
    Rule("U140", "link-value-reserved", link_value_reserved, "0.1"),
    Rule("U141", "link-value-letters", link_value_letters, "0.1", Level.WARNING),
    Rule("U142", "link-value-long", link_value_long, "0.1", Level.WARNING),
    Rule("U143", "link-channel", link_channel, "0.1"),
)
