"""Classes of enterprises: ordered criteria of a region, of which the first that holds is primary.

`definitions` reads a region's classes.yaml, `linting` checks it, `sizes` gives its criteria the
size classes of the national standard, `assigning` decides for one enterprise with reasons,
`batching` for all in one scan, `financing` says of each class who needs finance and who has it.
"""
