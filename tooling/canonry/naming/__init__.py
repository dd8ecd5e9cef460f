"""Names, templates, vocabularies, links and channels: one grammar, both directions.

from canonry.naming.table import Sources, compile_table   # dicts of the catalogue -> JSON table
from canonry.naming.codec import Codec, join              # table -> build, read, explain; imports nothing
"""
