"""Changes of allocation: places in the queue, claims, contracts."""
