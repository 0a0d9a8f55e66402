"""`python -m scheduler.worker`: what `tidehall serve` starts beside the web process."""

import sys

from scheduler.worker.command import main

if __name__ == "__main__":  # the solver's spawned process imports this module under another name
    sys.exit(main(sys.argv[1:]))
