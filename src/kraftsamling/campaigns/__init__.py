"""Campaigns and activities. An empty room that stands ready."""
