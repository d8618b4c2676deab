using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>Compares the published document with that of the contract. <see cref="DocumentDifferences"/> lists the allowed
/// differences.</summary>
public sealed partial class PublishedDocumentTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_operation_of_the_contract_is_published_with_its_name_and_heading_besides_the_extensions()
    {
        var published = (await DocumentFile.OfServerAsync(server)).Operations();
        var contract = DocumentFile.OfContract().Operations();
        Assert.Equal(
            contract.Values.Select(operation => $"{operation.Name} {operation.Id} {operation.Tag}")
                .Concat(DocumentDifferences.MoreOperations).Order(),
            published.Values.Select(operation => $"{operation.Name} {operation.Id} {operation.Tag}").Order());
    }

    [Fact]
    public async Task Parameters_are_those_of_the_contract()
        => AssertNoDifferences(
            await CompareAsync(
                (contract, published)
                    => Differences(contract.Parameters, published.Parameters,
                        DocumentDifferences.MoreParameters.GetValueOrDefault(contract.Id, []))));

    [Fact]
    public async Task Status_codes_are_those_of_the_contract()
        => AssertNoDifferences(await CompareAsync((contract, published) => Differences(
            contract.Statuses.Except(DocumentDifferences.StatusesNeverSent).Select(status => $"{status}"),
            published.Statuses.Select(status => $"{status}"), DocumentDifferences.MoreStatuses.GetValueOrDefault(contract.Id, []))));

    [Fact]
    public async Task Requests_of_the_contract_are_read()
        => AssertNoDifferences(await CompareAsync((contract, published) => CompareRequests(contract.Request, published.Request)));

    [Fact]
    public async Task Responses_conform_to_the_contract()
        => AssertNoDifferences(await CompareAsync((contract, published)
            => contract.Statuses.Intersect(published.Statuses)
                .SelectMany(status => CompareAnswers(contract.Answer(status), published.Answer(status))
                    .Select(difference => $"{status} {difference}"))));

    [Fact]
    public async Task References_resolve_and_every_schema_is_used()
    {
        var document = await DocumentFile.OfServerAsync(server);
        var references = Reference().Matches(document.Root.ToJsonString()).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.All(references,
            reference => Assert.NotEmpty(document.Resolve(new JsonObject { ["$ref"] = reference })));
        Assert.Empty(document.Root["components"]!["schemas"]!.AsObject().Select(schema => $"#/components/schemas/{schema.Key}")
            .Except(references));
    }

    [Fact]
    public async Task Alternatives_and_references_have_no_type_of_their_own()
    {
        var document = await DocumentFile.OfServerAsync(server);
        string[] choices = ["$ref", "oneOf", "anyOf"], types = ["type", "items", "properties"];
        Assert.Empty(Objects(document.Root["components"]!["schemas"], "")
            .Where(schema => choices.Any(schema.Node.ContainsKey) && types.Any(schema.Node.ContainsKey)).Select(schema => schema.Path));
    }

    [Fact]
    public async Task Members_have_precise_types()
    {
        var schemas = (await DocumentFile.OfServerAsync(server)).Root["components"]!["schemas"]!;
        Assert.Equal(["filename"], schemas["VideoMetadata"]!["required"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(["array", "array"],
            schemas["Search"]!["properties"]!["data"]!["oneOf"]!.AsArray().Select(one => (string?)one!["type"]));
        // The published type is an enum only, because many generators turn "text or object" into a type without members.
        foreach (var request in (string[])["ClassifyVideoRequest", "ClassifyBulkRequest"])
            Assert.Equal(["high", "medium", "low", "none", null],
                schemas[request]!["properties"]!["threshold"]!["enum"]!.AsArray().Select(level => (string?)level));
    }

    /// <summary>All objects of the document with their paths.</summary>
    private static IEnumerable<(string Path, JsonObject Node)> Objects(JsonNode? node, string path)
        => node switch
        {
            JsonObject schema => schema.SelectMany(member => Objects(member.Value, $"{path}/{member.Key}"))
                .Prepend((path, schema)),
            JsonArray items => items.SelectMany((item, i) => Objects(item, $"{path}/{i}")),
            _ => [],
        };

    private async Task<IEnumerable<string>> CompareAsync(Func<DocumentOperation, DocumentOperation, IEnumerable<string>> compare)
    {
        var published = (await DocumentFile.OfServerAsync(server)).Operations();
        return DocumentFile.OfContract().Operations().Values.Where(operation => published.ContainsKey(operation.Name))
            .SelectMany(operation => compare(operation, published[operation.Name]).Select(difference => $"{operation.Id}: {difference}"));
    }

    /// <summary>The server must read everything that the contract lets a client send, and must not require more.</summary>
    private static IEnumerable<string> CompareRequests(SchemaMembers contract, SchemaMembers published)
    {
        if (contract.Media != published.Media)
            yield return $"{published.Media} instead of {contract.Media}";
        foreach (var (path, member) in contract.All)
            if (!published.All.TryGetValue(path, out var ours))
                yield return $"{path} is not read";
            else if (!member.FitsInto(ours))
                yield return $"{path} may be {Show(ours)}, in the contract {Show(member)}";
            else if (member.IsRequired != ours.IsRequired)
                yield return $"{path} is {(ours.IsRequired ? "" : "not ")}required";
        foreach (var path in published.All.Keys.Except(contract.All.Keys).Except(DocumentDifferences.MoreRead))
            yield return $"{path} is not in the contract";
    }

    /// <summary>The server must send everything that the contract declares, and nothing that the contract does not contain.</summary>
    private static IEnumerable<string> CompareAnswers(SchemaMembers contract, SchemaMembers published)
    {
        if (contract.Media != published.Media)
            yield return $"{published.Media} instead of {contract.Media}";
        foreach (var (path, member) in contract.All)
            if (!published.All.TryGetValue(path, out var ours))
            {
                if (!path.Split('.').Any(DocumentDifferences.NeverSent.Contains) || member.IsRequired)
                    yield return $"{path} is not sent";
            }
            else if (!ours.FitsInto(member))
                yield return $"{path} may be {Show(ours)}, in the contract {Show(member)}";
            else if (member.IsRequired && !ours.IsRequired && !DocumentDifferences.NotAlwaysSent.Contains(path))
                yield return $"{path} is not always sent";
        foreach (var path in published.All.Keys.Except(contract.All.Keys).Except(DocumentDifferences.MoreSent))
            yield return $"{path} is not in the contract";
    }

    private static IEnumerable<string> Differences(
        IEnumerable<string> contract, IEnumerable<string> published, IReadOnlyCollection<string> more)
    {
        var (wanted, found) = (contract.ToList(), published.ToList());
        return wanted.Except(found).Select(name => $"{name} is missing")
            .Concat(found.Except(wanted).Except(more).Select(name => $"{name} is not in the contract"))
            .Concat(more.Except(found).Select(name => $"{name} is noted as a difference, but not published"));
    }

    private static string Show(SchemaMembers.Member member) => $"{string.Join('|', member.Types)} ({string.Join(',', member.Words)})";

    private static void AssertNoDifferences(IEnumerable<string> differences)
    {
        var found = differences.ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [GeneratedRegex("\"\\$ref\":\"([^\"]+)\"")]
    private static partial Regex Reference();
}
