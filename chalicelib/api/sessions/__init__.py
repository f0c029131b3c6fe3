"""Browser sessions: who is signed in to the web interface."""
