namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Tests that measure resources shared by all tests of the process, such as memory or database speed. They run after all other
/// tests, one class at a time.</summary>
[CollectionDefinition(nameof(ExclusiveCollection), DisableParallelization = true)]
public sealed class ExclusiveCollection;
