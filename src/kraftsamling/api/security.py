"""Who calls the API: a program with an organisation's token, and what its scopes allow."""
