// At most two collections run at the same time, because the tests index videos and each server uses several threads.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>Tests that kill processes, fill a disk, or wait for leases to expire. They run after all others, one class at a time.</summary>
[CollectionDefinition(nameof(ExclusiveCollection), DisableParallelization = true)]
public sealed class ExclusiveCollection;
