"""How producers write the lines of a contract, as one pattern: a line that it matches is right, unparsed.

A program writes its events in one layout: the same members in the same order, the same spaces, some members
left out. `layout` is such a layout as it was seen; `written` is a pattern of the lines of that layout whose
payload the contract accepts, and of none else. What few characters do not say exactly (`1e3` for an integer,
an escaped letter in a code) is left to the validator. So a match proves a line right; no match says nothing.
"""
