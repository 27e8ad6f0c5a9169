"""What the register said of an enterprise over time, and who followed whom.

Three sources, none copied: names, kind and standing are master data, whose changes are kept as
`RegisterChange` with the day and the seq; all else that a register sends (address, industry,
district, capital …) is read from the versions of its records in the store, which are bitemporal
already, and follow retraction, suppression and erasure by themselves; `Succession` is the one new
table, since neither says that one enterprise followed another.
"""
