"""One body fitted to a recording: motion, forces and moments that obey the equations of motion, and what pushes the head."""
