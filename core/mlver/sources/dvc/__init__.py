"""DVC projects: what `dvc.yaml`, `dvc.lock` and pointers say of a commit, read without DVC."""
