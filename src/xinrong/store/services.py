"""The store's verbs. Interface first: implemented in the modules beside this one.

Writing:

    batch = open_batch(feed=..., category=..., department=..., source_name=..., ...)
    with writer(batch) as out:
        out.add(table)                 # pyarrow, schema CANONICAL, any number of times
        delta = out.compare()          # against the store as it is now
        with transaction.atomic():
            commit = out.commit(delta) # takes the next seq; parts or hot rows, dead rows
            ...                        # the caller's receipt, quarantine, quality: same transaction

Reading:

    with snapshot() as snap:           # or snapshot(seq=17): as of that seq
        snap.records([subject, ...], categories=[...])   # pyarrow, schema RECORD + seq
        snap.query("files/cube", subjects=[...], params={...})

`Snapshot.seq` is the seq it reads as of.
"""
