using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>Compares the Postman collection with the published document.</summary>
public sealed partial class PostmanCollectionTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_operation_is_in_the_collection_and_nothing_else()
    {
        var operations = await PublishedAsync();
        Assert.Equal(operations.Keys.Order(),
            PostmanCollection.Requests().Select(request => NameOf(request, operations.Keys)).Distinct().Order());
    }

    [Fact]
    public async Task Requests_use_only_parameters_and_members_that_are_published()
    {
        var operations = await PublishedAsync();
        foreach (var request in PostmanCollection.Requests())
        {
            var operation = operations[NameOf(request, operations.Keys)];
            Assert.Empty(request.Query.Select(name => $"query {name}")
                .Except(operation.Parameters.Select(parameter => parameter.TrimEnd('*'))));
            var (members, sent) = (operation.Request.All, SentBy(request));
            Assert.True(sent.IsSubsetOf(members.Keys), $"{request.Name}: {string.Join(", ", sent.Except(members.Keys))}");
            Assert.Empty(members.Where(member => member.Value.IsRequired && !member.Key.Contains('.') && !member.Key.Contains('['))
                .Select(member => member.Key).Except(sent));
        }
    }

    [Fact]
    public void Every_request_has_tests_with_unique_names()
        => Assert.All(PostmanCollection.Requests(), request =>
        {
            Assert.True(request.Assertions.Count >= 2, request.Name);
            Assert.Equal(request.Assertions.Distinct(), request.Assertions);
        });

    /// <summary>All published operations except the signed addresses below /media, which clients do not construct.</summary>
    private async Task<Dictionary<string, DocumentOperation>> PublishedAsync()
    {
        var document = await DocumentFile.OfServerAsync(server);
        return document.Operations().Concat(document.AdministrationOperations()).ToDictionary();
    }

    /// <summary>The operation that matches the path of the request. Fixed path segments take precedence over parameters.</summary>
    private static string NameOf(PostmanRequest request, IEnumerable<string> operations)
        => operations.Where(name => Fits($"{request.Method.ToLowerInvariant()} /{request.Path}", name))
            .OrderBy(name => name.Count(letter => letter == '{')).FirstOrDefault()
            ?? throw new InvalidOperationException($"{request.Name} fits no operation.");

    private static bool Fits(string request, string name)
        => Regex.IsMatch(request, $"^{Parameter().Replace(Regex.Escape(name), "[^/]+")}$");

    private static HashSet<string> SentBy(PostmanRequest request) => request.Body is not { } body ? []
        : body["formdata"] is JsonArray fields ? [.. fields.Select(field => field!["key"]!.ToString())]
        : [.. JsonNode.Parse(body["raw"]!.ToString())!.AsObject().Select(member => member.Key)];

    [GeneratedRegex(@"\\\{[^}]+\}")]
    private static partial Regex Parameter();
}
