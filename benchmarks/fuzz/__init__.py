"""Coverage-guided fuzzing of what meets strange bytes first; see `python -m benchmarks.fuzz --help`."""
