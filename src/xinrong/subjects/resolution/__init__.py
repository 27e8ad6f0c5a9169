"""Who is meant by a name: evidence, score, guards and the choice among candidates.

`comparing` weighs two names against each other, `choosing` decides among candidates, `single`
looks one name up, `batch` many with Splink. Both roads share `levels` and `weights`, so that they
give the same verdict. See docs/resolution.md.
"""
