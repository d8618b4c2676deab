using System.Text.Json;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.UnitTests.Architecture;

/// <summary>Lock files fix every package by version and hash, and NOTICE names each package with its licence.</summary>
public sealed partial class PackageTests
{
    private const string Analyzers = "Microsoft.CodeAnalysis.BannedApiAnalyzers";
    private const string CpuLock = "packages.lock.json";
    private const string GpuLock = "packages.Gpu.lock.json";

    private static readonly string[] Roots = ["src", "tests", "benchmarks"];

    private sealed record Package(string Name, string Version);

    [Theory]
    [InlineData(CpuLock)]
    [InlineData(GpuLock)]
    public void Every_project_has_a_lock_file_with_hashes_for_each_flavor(string lockFile)
    {
        var projects = Roots.SelectMany(root => SourceTree.Files(root, "*.csproj")).ToList();
        Assert.NotEmpty(projects);
        Offenders.None(projects.Where(project => !File.Exists(LockOf(project, lockFile))).Select(project => project.Name));
        Offenders.None(projects.SelectMany(project => Entries(LockOf(project, lockFile)))
            .Where(entry => entry.Hash is not { Length: 88 }).Select(entry => entry.Package.Name));
    }

    [Fact]
    public void Notice_names_the_packages_of_the_server() => Assert.Equal(InServer(CpuLock), Named(Notice().Server));

    [Fact]
    public void Notice_names_the_packages_that_replace_the_cpu_package_in_a_gpu_build()
    {
        var (cpu, gpu) = (InServer(CpuLock), InServer(GpuLock));
        Assert.Equal(gpu.Except(cpu), Named(Notice().Gpu));
        Assert.Equal("Microsoft.ML.OnnxRuntime", Assert.Single(cpu.Except(gpu)).Name);
    }

    [Fact]
    public void Notice_names_every_other_package_once()
        => Assert.Equal(Locked(Roots.SelectMany(root => SourceTree.Files(root, "*.csproj")), CpuLock).Except(InServer(CpuLock)),
            Named(Notice().Other));

    [Fact]
    public void The_packages_of_ONNX_Runtime_have_one_version()
        => Assert.Single(InServer(CpuLock).Concat(InServer(GpuLock))
            .Where(package => package.Name.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal))
            .Select(package => package.Version).Distinct());

    [Fact]
    public void Every_package_of_the_central_list_is_pinned_to_one_version()
        => Offenders.None(
            Regex.Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "Directory.Packages.props")),
                "PackageVersion Include=\"([^\"]+)\" Version=\"([^\"]+)\"")
                .Where(match => !Regex.IsMatch(match.Groups[2].Value, @"^\d+(\.\d+){1,3}(-[\w.]+)?$"))
                .Select(match => match.Groups[1].Value));

    private static string LockOf(SourceFile project, string lockFile) => Path.Combine(Path.GetDirectoryName(project.FullPath)!, lockFile);

    /// <summary>Analyzers run during the build and are not part of the server.</summary>
    private static List<Package> InServer(string lockFile)
        => [.. Locked(SourceTree.Files("src", "*.csproj")
            .Where(project => project.Name.Contains("VideoUnderstanding.Server/", StringComparison.Ordinal)), lockFile)
            .Where(package => package.Name != Analyzers)];

    private static List<Package> Locked(IEnumerable<SourceFile> projects, string lockFile)
        => [.. projects.SelectMany(project => Entries(LockOf(project, lockFile))).Select(entry => entry.Package).Distinct()
            .OrderBy(Key, StringComparer.Ordinal)];

    private static IEnumerable<(Package Package, string? Hash)> Entries(string lockFile)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(lockFile));
        return [.. document.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
            .Where(entry => entry.Value.GetProperty("type").GetString() != "Project")
            .Select(
                entry
                    => (new Package(entry.Name, entry.Value.GetProperty("resolved").GetString()!),
                        entry.Value.GetProperty("contentHash").GetString()))];
    }

    /// <summary>The three lists of NOTICE.</summary>
    private static (string Server, string Gpu, string Other) Notice()
    {
        var parts = File.ReadAllText(Path.Combine(SourceTree.Root, "NOTICE"))
            .Split(["\nIn builds for a GPU", "\nFor building, testing and measuring only:\n"], StringSplitOptions.None);
        Assert.Equal(3, parts.Length);
        return (parts[0], parts[1], parts[2]);
    }

    private static List<Package> Named(string list)
        => [.. Line().Matches(list).Select(match => new Package(match.Groups[1].Value, match.Groups[2].Value))
            .OrderBy(Key, StringComparer.Ordinal)];

    private static string Key(Package package) => $"{package.Name} {package.Version}";

    [GeneratedRegex(@"^  ([\w.-]+) +(\d[\w.-]*) +\S.*$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
