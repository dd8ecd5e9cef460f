"""One module a platform: how its API is entered, what it lists, and what that says in canonry's words."""
