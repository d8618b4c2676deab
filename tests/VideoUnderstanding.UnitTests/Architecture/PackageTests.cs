using System.Text.Json;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.UnitTests.Architecture;

/// <summary>Every foreign package is fixed by version and hash, and NOTICE names it with its licence.</summary>
public sealed partial class PackageTests
{
    /// <summary>Looks at sources while they are built; nothing of it is in the server.</summary>
    private const string Analyzers = "Microsoft.CodeAnalysis.BannedApiAnalyzers";

    private static readonly string[] Roots = ["src", "tests", "benchmarks"];

    private sealed record Package(string Name, string Version);

    [Fact]
    public void Every_project_has_a_lock_file_with_hashes()
    {
        var projects = Roots.SelectMany(root => SourceTree.Files(root, "*.csproj")).ToList();
        Assert.NotEmpty(projects);
        Offenders.None(projects.Where(project => !File.Exists(LockOf(project.FullPath))).Select(project => project.Name));
        Offenders.None(projects.SelectMany(project => Entries(LockOf(project.FullPath))).Where(entry => entry.Hash is not { Length: 88 }).Select(entry => entry.Package.Name));
    }

    [Fact]
    public void Notice_names_what_is_in_the_server()
        => Assert.Equal(
            Locked(SourceTree.Files("src", "*.csproj").Where(project => project.Name.Contains("VideoUnderstanding.Server/", StringComparison.Ordinal))).Where(package => package.Name != Analyzers),
            Named(Notice()[0]));

    [Fact]
    public void Notice_names_every_other_package_once()
    {
        var (server, other) = (Named(Notice()[0]), Named(Notice()[1]));
        Assert.Equal(Locked(Roots.SelectMany(root => SourceTree.Files(root, "*.csproj"))).Except(server), other);
    }

    [Fact]
    public void Every_package_of_the_central_list_is_pinned_to_one_version()
        => Offenders.None(Regex.Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "Directory.Packages.props")), "PackageVersion Include=\"([^\"]+)\" Version=\"([^\"]+)\"")
            .Where(match => !Regex.IsMatch(match.Groups[2].Value, @"^\d+(\.\d+){1,3}$")).Select(match => match.Groups[1].Value));

    private static string LockOf(string project) => Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json");

    private static List<Package> Locked(IEnumerable<SourceFile> projects)
        => [.. projects.SelectMany(project => Entries(LockOf(project.FullPath))).Select(entry => entry.Package).Distinct().OrderBy(Key, StringComparer.Ordinal)];

    private static IEnumerable<(Package Package, string? Hash)> Entries(string lockFile)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(lockFile));
        return [.. document.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
            .Where(entry => entry.Value.GetProperty("type").GetString() != "Project")
            .Select(entry => (new Package(entry.Name, entry.Value.GetProperty("resolved").GetString()!), entry.Value.GetProperty("contentHash").GetString()))];
    }

    /// <summary>The two lists of NOTICE.</summary>
    private static string[] Notice() => File.ReadAllText(Path.Combine(SourceTree.Root, "NOTICE")).Split("\nFor building, testing and measuring only:\n");

    private static List<Package> Named(string list)
        => [.. Line().Matches(list).Select(match => new Package(match.Groups[1].Value, match.Groups[2].Value)).OrderBy(Key, StringComparer.Ordinal)];

    private static string Key(Package package) => $"{package.Name} {package.Version}";

    [GeneratedRegex(@"^  ([\w.-]+) +(\d[\w.]*) +\S.*$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
