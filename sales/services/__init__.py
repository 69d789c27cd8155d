"""Changes of sales: decisions written down, goods sold."""
