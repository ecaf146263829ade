"""C3D as vendors write it: sections of the file, their layout in it, its samples, and the recording they make."""
