"""The demo: a district hall made up from published figures, and people who use it like anyone else."""
