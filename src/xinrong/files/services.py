"""The four query services and search. Every one goes through `trust.disclose`.

    find(viewer, text, limit=20) -> list[Hit]            # by name or code; open facts only
    basic(viewer, enterprise, purpose, stage) -> Release  # .content is BasicInformation
    comprehensive(viewer, enterprise, purpose, stage, *, offset=0, limit=50, category="",
                  department="", sign="", year=None) -> Release   # the drill-down uses it too
    cube(viewer, enterprise, purpose, stage) -> Release
    signs(viewer, enterprise, purpose, stage) -> Release
"""
