using System.Reflection;

namespace VideoUnderstanding.UnitTests.Architecture;

/// <summary>The sources and assemblies of the project.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>The assemblies of src by project name.</summary>
    public static IReadOnlyDictionary<string, Assembly> Assemblies { get; } = new Dictionary<string, Assembly>
    {
        ["Media"] = typeof(global::VideoUnderstanding.Media.MediaRegistration).Assembly,
        ["Data"] = typeof(global::VideoUnderstanding.Data.DataRegistration).Assembly,
        ["Inference"] = typeof(global::VideoUnderstanding.Inference.InferenceRegistration).Assembly,
        ["Indexing"] = typeof(global::VideoUnderstanding.Indexing.IndexingServices).Assembly,
        ["Search"] = typeof(global::VideoUnderstanding.Search.SearchServices).Assembly,
        ["Operations"] = typeof(global::VideoUnderstanding.Operations.Cli.CommandLine).Assembly,
        ["Server"] = typeof(global::VideoUnderstanding.Server.Program).Assembly,
    };

    /// <summary>Every type that is not generated.</summary>
    public static IEnumerable<Type> Types => Assemblies.Values.SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Namespace?.StartsWith("VideoUnderstanding", StringComparison.Ordinal) == true && !IsGenerated(type));

    /// <param name="folders">Each <c>src</c>, <c>tests</c> or a folder below.</param>
    public static IEnumerable<SourceFile> Sources(params string[] folders) => folders.SelectMany(folder => Files(folder, "*.cs"));

    public static IEnumerable<SourceFile> Files(string folder, string pattern)
        => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => new SourceFile(Path.GetRelativePath(Root, path), path))
            .Where(file => !file.Parts.Any(part => part is "bin" or "obj"));

    private static bool IsGenerated(Type type)
        => type.GetCustomAttributes().Any(attribute => attribute.GetType().Name is "CompilerGeneratedAttribute" or "GeneratedCodeAttribute")
            || type.Name.Contains('<', StringComparison.Ordinal) || (type.DeclaringType is { } outer && IsGenerated(outer))
            || type.Namespace!.Contains(".Migrations", StringComparison.Ordinal);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "VideoUnderstanding.sln")))
                return folder.FullName;
        throw new InvalidOperationException("The tests of the architecture need the sources around them.");
    }
}

/// <param name="Name">Path from the root of the repository, with slashes.</param>
internal sealed record SourceFile(string Name, string FullPath)
{
    public string[] Parts => Name.Split('/');
    public string Text => File.ReadAllText(FullPath);
    public int Lines => File.ReadLines(FullPath).Count();
}

/// <summary>Lists all violations of a rule; xUnit's own message shows only the first ones.</summary>
internal static class Offenders
{
    public static void None(IEnumerable<string?> offenders)
    {
        var found = offenders.ToList();
        Assert.True(found.Count == 0, $"These break the rule:\n{string.Join('\n', found)}");
    }
}
