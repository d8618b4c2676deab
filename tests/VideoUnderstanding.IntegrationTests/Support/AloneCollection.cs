namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Tests that measure what all tests of the process have in common: memory, or how fast the database is. They run after all
/// others, one class at a time.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
