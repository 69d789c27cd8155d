"""The lab: the fleet's own code against the universe in process, on a virtual clock."""
