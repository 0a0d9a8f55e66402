"""Telling screens at once: what each board shows, who may watch it, and the feed that follows the journal."""
