"""What a person sees in a terminal: the summary of a run, its progress, one page with its findings."""
