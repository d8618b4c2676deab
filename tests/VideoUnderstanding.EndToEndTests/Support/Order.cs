// At most two collections run at the same time, because the tests index videos and each server uses several threads.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>Tests with several processes, whose leases expire on a busy machine. They run after all others, one class at a time.</summary>
[CollectionDefinition(nameof(ExclusiveCollection), DisableParallelization = true)]
public sealed class ExclusiveCollection;
