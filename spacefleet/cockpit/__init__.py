"""What people do from the pages: order, tune, take back; each of it checked, said and written down."""
