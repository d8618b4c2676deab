namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>The classes that share the indexed set; one after the other, since they share the server's cores too.</summary>
[CollectionDefinition(nameof(GeneratedCollection))]
public sealed class GeneratedCollection : ICollectionFixture<GeneratedSet>;
