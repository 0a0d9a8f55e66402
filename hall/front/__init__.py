"""What every page stands on: who is asking, in which language, how errors are told, how it looks."""
