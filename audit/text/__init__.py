"""Text with its place in the page: the one owner of offsets."""
