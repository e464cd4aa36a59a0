"""The sample: a small real training project, and the story of its versions.

Imported as `sample_repo` in a checkout and as `mlver_tui._sample` from the wheel, hence the relative imports here.
"""
