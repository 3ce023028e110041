"""The newsroom: the screens on which staff write, review and publish. Each is thin; rules and actions decide."""

from education.admin import audit, editions, guides, images, library, mistakes, synonyms

__all__ = ["audit", "editions", "guides", "images", "library", "mistakes", "synonyms"]
