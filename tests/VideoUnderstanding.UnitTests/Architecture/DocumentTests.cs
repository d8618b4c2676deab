using System.Reflection;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.UnitTests.Architecture;

/// <summary>The documentation agrees with the code.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Files_named_in_documents_exist()
        => Assert.All(Documents(),
            document
                => Offenders.None(NamedPath().Matches(document.Text).Select(match => match.Groups[1].Value).Where(path => !Exists(path))));

    [Fact]
    public void Every_setting_is_documented()
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "configuration.md"));
        Offenders.None(Settings().Where(setting => !text.Contains($"`{setting}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_documented_setting_exists()
    {
        var settings = Settings().ToHashSet();
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "configuration.md"));
        Offenders.None(NamedSetting().Matches(text).Select(match => match.Groups[1].Value).Where(name => !settings.Contains(name)));
    }

    /// <summary>Returns every property of every class with a configuration section.</summary>
    private static IEnumerable<string> Settings() =>
        from type in SourceTree.Types
        where type is { IsClass: true, IsAbstract: false }
        let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
        where section is not null
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.SetMethod?.IsPublic == true || property.PropertyType.IsAssignableTo(typeof(IEnumerable<string>))
        select $"{section}:{property.Name}";

    private static IEnumerable<SourceFile> Documents()
        => SourceTree.Files("docs", "*.md")
            .Concat(Directory.EnumerateFiles(SourceTree.Root, "*.md").Select(path => new SourceFile(Path.GetFileName(path), path)));

    private static bool Exists(string path)
        => File.Exists(Path.Combine(SourceTree.Root, path)) || Directory.Exists(Path.Combine(SourceTree.Root, path));

    [GeneratedRegex(@"[`(]((?:src|tests|docs|deploy)/[\w./-]+\w)[`)]")]
    private static partial Regex NamedPath();

    [GeneratedRegex(@"\| `(VideoUnderstanding:[\w:]+)`")]
    private static partial Regex NamedSetting();
}
