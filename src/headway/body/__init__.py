"""The runner's body: landmarks, joint centres, segments and the head."""
