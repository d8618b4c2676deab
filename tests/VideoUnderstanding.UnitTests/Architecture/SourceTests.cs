using System.Text.RegularExpressions;

namespace VideoUnderstanding.UnitTests.Architecture;

/// <summary>Rules for source files.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 300;
    private const int MaxLinesOfProgram = 60;
    private const int MaxLinesOfMethod = 40;

    private static readonly string[] Folders = ["src", "tests"];

    [Fact]
    public void There_are_sources() => Assert.True(SourceTree.Sources(Folders).Count() > 100);

    [Fact]
    public void No_source_file_has_more_than_300_lines()
        => Offenders.None(SourceTree.Sources(Folders).Where(file => file.Lines > MaxLines && !file.Parts.Contains("Migrations"))
            .Select(file => $"{file.Name}: {file.Lines}"));

    [Fact]
    public void Program_has_fewer_than_60_lines()
        => Assert.True(SourceTree.Sources("src/VideoUnderstanding.Server")
            .Single(file => file.Name.EndsWith("/Program.cs", StringComparison.Ordinal)).Lines < MaxLinesOfProgram);

    [Fact]
    public void No_method_has_more_than_40_lines()
        => Offenders.None(SourceTree.Sources(Folders).Where(file => !file.Parts.Contains("Migrations")).SelectMany(LongMethods));

    [Fact]
    public void The_clock_is_injected() => Offenders.None(Holding(Clock()));

    [Fact]
    public void Sources_have_no_unfinished_parts() => Offenders.None(Holding(Unfinished()));

    [Fact]
    public void Namespaces_match_the_folders()
        => Offenders.None(SourceTree.Sources("src").Where(file => Namespace().Match(file.Text) is { Success: true } found
            && found.Groups[1].Value != string.Join('.', file.Parts[1..^1])).Select(file => file.Name));

    /// <summary>Besides the two guarded handlers there are only clients for addresses of the operator: model files, the server of the demo,
    /// and the bucket of the installation.</summary>
    [Fact]
    public void Addresses_given_by_users_are_reached_only_through_guarded_connections()
    {
        string[] guarded = ["src/VideoUnderstanding.Data/Objects/StoreClients.cs",
            "src/VideoUnderstanding.Indexing/Fetching/GuardedConnections.cs"];
        string[] clients = ["src/VideoUnderstanding.Indexing/Fetching/AddressFetcher.cs",
            "src/VideoUnderstanding.Server/Webhooks/WebhookSender.cs", "src/VideoUnderstanding.Data/Objects/StoreClients.cs"];
        string[] operators = ["src/VideoUnderstanding.Operations/Cli/", "src/VideoUnderstanding.Inference/",
            "src/VideoUnderstanding.Data/Storage/BucketStore.cs"];
        var sources = SourceTree.Sources("src").Where(file => !operators.Any(file.Name.StartsWith)).ToList();
        Assert.Equal(guarded, sources.Where(file => Handler().IsMatch(file.Text)).Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.All(sources.Where(file => guarded.Contains(file.Name)),
            file => Assert.Contains("ConnectCallback =", file.Text, StringComparison.Ordinal));
        Assert.Equal(clients.Order(StringComparer.Ordinal),
            sources.Where(file => Client().IsMatch(file.Text)).Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Holding(Regex words)
        => SourceTree.Sources(Folders).Where(file => !file.Parts.Contains("Architecture") && words.IsMatch(file.Text))
            .Select(file => file.Name);

    /// <summary>Members are indented by four columns; a method ends at the brace in the column of its opening brace. Tables of values
    /// (=&gt; new()) are not methods.</summary>
    private static IEnumerable<string> LongMethods(SourceFile file)
    {
        var lines = File.ReadAllLines(file.FullPath);
        for (var open = 1; open < lines.Length; open++)
        {
            if (lines[open] != "    {" || !lines[open - 1].EndsWith(')') || lines[open - 1].Contains("=>", StringComparison.Ordinal))
                continue;
            var close = Array.IndexOf(lines, "    }", open);
            if (close - open - 1 > MaxLinesOfMethod)
                yield return $"{file.Name}:{open}: {close - open - 1} lines";
        }
    }

    [GeneratedRegex(@"\bDateTime(?:Offset)?\.(?:Utc)?Now\b|\bDateTime\.Today\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b(?:SocketsHttpHandler|HttpClientHandler)\b.*(?:=> new\(\)|new \w+Handler)|new SocketsHttpHandler")]
    private static partial Regex Handler();

    [GeneratedRegex(@"new HttpClient\b|AddHttpClient|IHttpClientFactory")]
    private static partial Regex Client();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|NotImplementedException|^\s*#region", RegexOptions.Multiline)]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
