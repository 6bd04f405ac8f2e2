"""What the jobs of a `/converge` do, each with files from the one before: train, score, judge, keep."""
