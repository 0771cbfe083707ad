"""Inspector: ask a local multimodal model about small things and see where it looked."""

__version__ = "0.1.0"
