"""Reference bands, and where one analysis stands among them."""

from headway.norms.bands import Band, Norms, load_norms
from headway.norms.place import Place, against, place

__all__ = ["Band", "Norms", "Place", "against", "load_norms", "place"]
