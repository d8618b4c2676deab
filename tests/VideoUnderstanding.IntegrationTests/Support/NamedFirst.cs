using Xunit.Sdk;
using Xunit.v3;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Starts the collections with these names first, and the others in any order. With the longest ones named, no long collection
/// runs alone at the end, while the other cores are idle.</summary>
/// <param name="names">Names of test classes or of collections, the longest first.</param>
public abstract class NamedFirst(params string[] names) : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
        => [.. testCollections.OrderBy(collection => RankOf(collection.TestCollectionDisplayName))];

    /// <param name="displayName">The name of a collection, or a sentence with the full name of the only class of a collection.</param>
    private int RankOf(string displayName)
    {
        var words = displayName.Split(' ').Select(word => word.Split('.')[^1]).ToList();
        var rank = Array.FindIndex(names, words.Contains);
        return rank < 0 ? names.Length : rank;
    }
}
