"""Git and mlver's own object store: the only package that imports dulwich or starts git."""
