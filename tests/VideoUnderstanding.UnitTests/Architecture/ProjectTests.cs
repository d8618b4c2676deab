using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VideoUnderstanding.UnitTests.Architecture;

/// <summary>Allowed references between projects, and the only user of each heavy library.</summary>
public sealed class ProjectTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Media"] = [],
        ["Data"] = [],
        ["Inference"] = ["Media"],
        ["Indexing"] = ["Data", "Inference", "Media"],
        ["Search"] = ["Data", "Inference", "Media"],
        ["Operations"] = ["Data", "Indexing", "Inference", "Media", "Search"],
        ["Server"] = ["Data", "Indexing", "Inference", "Media", "Operations", "Search"],
    };

    private static readonly Dictionary<string, string> OnlyUserOfPackage = new()
    {
        ["FFMpegCore"] = "Media",
        ["AWSSDK.S3"] = "Data",
        ["Npgsql.EntityFrameworkCore.PostgreSQL"] = "Data",
        ["Pgvector.EntityFrameworkCore"] = "Data",
        ["Microsoft.EntityFrameworkCore.Design"] = "Data",
        ["Microsoft.ML.OnnxRuntime"] = "Inference",
        ["Microsoft.ML.OnnxRuntime.Gpu"] = "Inference",
        ["Microsoft.ML.Tokenizers"] = "Inference",
        ["Whisper.net"] = "Inference",
        ["Whisper.net.Runtime"] = "Inference",
        ["Whisper.net.Runtime.Cuda.Linux"] = "Inference",
        ["Hangfire.AspNetCore"] = "Server",
        ["Hangfire.Core"] = "Server",
        ["Hangfire.PostgreSql"] = "Server",
        ["ModelContextProtocol.AspNetCore"] = "Server",
        ["Scalar.AspNetCore"] = "Server",
        ["Spectre.Console"] = "Operations",
        ["System.CommandLine"] = "Operations",
    };

    private static readonly Dictionary<string, string> OnlyUserOfAssembly = new()
    {
        ["FFMpegCore"] = "Media",
        ["System.Diagnostics.Process"] = "Media",
        ["AWSSDK.S3"] = "Data",
        ["AWSSDK.Core"] = "Data",
        ["Npgsql.EntityFrameworkCore.PostgreSQL"] = "Data",
        ["Microsoft.ML.OnnxRuntime"] = "Inference",
        ["Microsoft.ML.Tokenizers"] = "Inference",
        ["Whisper.net"] = "Inference",
        ["Hangfire.Core"] = "Server",
        ["Hangfire.PostgreSql"] = "Server",
    };

    [Fact]
    public void Every_project_of_src_is_in_the_table()
        => Assert.Equal(MayUse.Keys.Order(), SourceTree.Files("src", "*.csproj").Select(ProjectName).Order());

    [Fact]
    public void Projects_use_only_the_references_of_the_table()
        => Assert.All(SourceTree.Files("src", "*.csproj"), project
            => Offenders.None(Items(project, "ProjectReference")
                .Select(path => ShortName(Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))))
                .Except(MayUse[ProjectName(project)])));

    [Fact]
    public void Heavy_packages_have_one_user()
        => Assert.All(SourceTree.Files("src", "*.csproj"), project
            => Offenders.None(Items(project, "PackageReference")
                .Where(package => OnlyUserOfPackage.GetValueOrDefault(package, ProjectName(project)) != ProjectName(project))));

    [Fact]
    public void Heavy_assemblies_have_one_user()
        => Assert.All(SourceTree.Assemblies, project
            => Offenders.None(project.Value.GetReferencedAssemblies()
                .Where(used => OnlyUserOfAssembly.GetValueOrDefault(used.Name!, project.Key) != project.Key).Select(used => used.Name)));

    /// <summary>All projects need the framework reference for hosting, options and logging, but only the server may use the web
    /// assemblies.</summary>
    [Fact]
    public void Only_the_server_uses_ASP_NET_Core()
        => Assert.All(SourceTree.Assemblies.Where(project => project.Key != "Server"), project
            => Offenders.None(project.Value.GetReferencedAssemblies().Select(used => used.Name!)
                .Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))));

    [Fact]
    public void One_class_starts_processes()
        => Assert.Equal(["src/VideoUnderstanding.Media/Tools/ToolProcess.cs"],
            SourceTree.Sources("src").Where(file => Regex.IsMatch(file.Text, @"\bProcess\.Start\(|new ProcessStartInfo\b"))
                .Select(file => file.Name));

    private static string ProjectName(SourceFile project) => ShortName(Path.GetFileNameWithoutExtension(project.Name));

    private static string ShortName(string name) => name.Replace("VideoUnderstanding.", "", StringComparison.Ordinal);

    private static IEnumerable<string> Items(SourceFile project, string kind)
        => XDocument.Load(project.FullPath).Descendants(kind).Select(item => item.Attribute("Include")?.Value).OfType<string>();
}
