"""The time machine: months played through the real services and deadlines, for training, tests and benchmarks."""
