namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>Test classes that share the indexed set. They run one after another, because they also share the CPU cores of the
/// server.</summary>
[CollectionDefinition(nameof(GeneratedCollection))]
public sealed class GeneratedCollection : ICollectionFixture<GeneratedSet>;
