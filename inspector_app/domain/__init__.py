"""The nouns: frozen values that every room speaks. Standard library and numpy only."""
