"""The asv suite. Its parameters are the ids of the matrix's cases."""
