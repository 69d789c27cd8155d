"""The first contact: the first person, the first agent, and a tour of the pages."""
