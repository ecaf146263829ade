"""Two runners, or one runner twice, side by side."""
