"""Two versions held against each other: change trees for what went in, deltas for what came out."""
