"""From films, or from key points made elsewhere, to the key points of one runner in the image."""
