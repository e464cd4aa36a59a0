"""Model to rows, labels and marks: pure, known to neither textual nor rich, used by both front ends."""
