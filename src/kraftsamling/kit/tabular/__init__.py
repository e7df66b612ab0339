"""Tables from strangers: CSV and Excel files read safely, and written so that nothing runs."""
