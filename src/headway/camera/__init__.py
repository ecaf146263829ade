"""From key points in the image to a runner in metres: what can be trusted, from where it was seen, and how large it is."""
