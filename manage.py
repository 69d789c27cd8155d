#!/usr/bin/env python
"""The command line of spacefleet in a checkout."""

from spacefleet.__main__ import main

if __name__ == "__main__":
    main()
