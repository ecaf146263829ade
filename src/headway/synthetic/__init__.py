"""A runner with known truth: what ``headway demo`` analyses and what the tests measure against."""
