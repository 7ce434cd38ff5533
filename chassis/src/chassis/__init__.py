"""The platform under every service; it names no word of the business."""
