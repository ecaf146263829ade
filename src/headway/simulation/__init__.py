"""A runner simulated from physics: what mechanics alone predicts when the head is let go, braced or held (extra ``lab``)."""
