"""What the objects of Headway show of themselves, and their plots."""
