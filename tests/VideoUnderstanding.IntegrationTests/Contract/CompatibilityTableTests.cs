using System.Text.RegularExpressions;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>Compares the table of docs/compatibility.md with the published document.</summary>
public sealed partial class CompatibilityTableTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_page_lists_every_operation_of_the_contract_and_the_extensions_and_all_are_published()
    {
        var rows = Row().Matches(await File.ReadAllTextAsync(ProjectFolder.File("docs/compatibility.md")))
            .Select(
                match
                    => (Operation: $"{match.Groups[2].Value.ToLowerInvariant()} {match.Groups[3].Value} {match.Groups[1].Value}",
                        State: match.Groups[4].Value)).ToList();
        var published = (await DocumentFile.OfServerAsync(server))
            .Operations().Values.Select(operation => $"{operation.Name} {operation.Id}");
        var contract = DocumentFile.OfContract().Operations().Values.Select(operation => $"{operation.Name} {operation.Id}");

        Assert.Equal(contract.Order(), rows.Where(row => row.State == "served").Select(row => row.Operation).Order());
        Assert.Equal(published.Order(), rows.Select(row => row.Operation).Order());
    }

    [GeneratedRegex(@"^\| `(\w+)` \| `(\w+) (\S+)` \| (served|extension) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
