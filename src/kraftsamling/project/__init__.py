"""The composition root: configuration, settings, urls, wsgi."""
