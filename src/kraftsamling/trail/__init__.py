"""The append-only history: who did what, when and why, in a chain that shows any break."""
