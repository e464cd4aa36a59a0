"""What a run pins of the world around it: files, interpreter, packages, machine, seeds; and secrets, kept out."""
