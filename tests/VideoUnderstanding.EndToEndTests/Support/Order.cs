// Two servers that index at once would share the cores, and the measured times would say nothing.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
