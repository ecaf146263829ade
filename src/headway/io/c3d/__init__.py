"""C3D as vendors write it: sections of the file, their layout in it, its samples, and the recording they make."""

from headway.io.c3d.read import read_c3d

__all__ = ["read_c3d"]
