"""The newsroom: the screens on which staff write, review and publish. Each is thin; rules and actions decide."""

from education.admin import editions, guides, images, library, mistakes, synonyms

__all__ = ["editions", "guides", "images", "library", "mistakes", "synonyms"]
