"""Names, templates, vocabularies, links and channels: one grammar, both directions.

    table.compile_table(Sources(...), resolve)   documents of the catalogue -> the JSON table
    codec.Codec(table)   builds, reads and explains names and links; imports nothing
    links.Reader(codec).read(text)   a pasted link: fields, channel, issues, corrected link
    runtime.channels.Channels(codec)   source, medium, campaign -> channel and rule
    languages.Model(table, platforms, groups)   the exact languages of everything that can be written
    proofs.prove(model)   round trip, across, channel, fit, macros
    template.parse, fields.read, vocabulary.problems, ids.draw, suggest.nearest, link_rules.RULES

`runtime` imports nothing but itself: generated clients carry a copy of the folder.
"""
