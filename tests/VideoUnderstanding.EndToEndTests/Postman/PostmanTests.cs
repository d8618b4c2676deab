using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.Postman;

/// <summary>Every assertion of the Postman collection as a test of its own.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class PostmanTests(NewmanRun run) : IClassFixture<NewmanRun>
{
    public static TheoryData<string, string> Assertions
        => [.. PostmanCollection.Requests().SelectMany(request => request.Assertions.Select(assertion => (request.Name, assertion)))];

    [Theory]
    [MemberData(nameof(Assertions))]
    public void An_assertion_of_the_collection_holds(string request, string assertion) => Assert.Null(run.FailureOf(request, assertion));
}
