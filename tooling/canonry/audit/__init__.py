"""What live platforms say, judged against the registry: pure functions from observations to findings."""
